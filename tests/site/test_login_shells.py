"""Any login shell that runs commands will do, whatever its files print; another is refused in one line."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import House
from tests.lab import Lab
from tests.site.test_sudo import MAKE_USER

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PRINTS = "echo hello; echo warning >&2; printf 'no end of line'\n"
FILES = {
    "bash": (".bashrc", PRINTS),
    "zsh": (".zshenv", PRINTS),
    "fish": (".config/fish/config.fish", PRINTS),
    "mksh": (".mkshrc", PRINTS),
    "dash": (".profile", PRINTS),
    "tcsh": (".tcshrc", "echo hello\n"),
}
"""What each shell reads first; of dash nothing, unless somebody logs in."""

CLOSED = "/usr/local/bin/closed"
REFUSED = {"/bin/false": "it said nothing", CLOSED: "closed today, come again"}


@pytest.fixture(scope="module")
def house(lab: Lab) -> House:
    house = House.on(lab, lab.up("shells", debian="13", furnished=True))
    house.server.install("zsh", "fish", "mksh", "tcsh")
    house.server.run(MAKE_USER)
    house.server.run(f"install /dev/stdin {CLOSED}", stdin="#!/bin/sh\necho closed today, come again\n")
    house.deploy().check()
    return house


@pytest.fixture
def usual(house: House) -> Iterator[House]:
    """The server, whose users have their usual shells again afterwards."""
    yield house
    house.server.run("usermod -s /bin/bash root; usermod -s /bin/bash ops")


def saying(house: House, words: str) -> dict[str, Any]:
    return {"demo": {**house.settings["apps"]["demo"], "env": {"DEMO_VERSION": words}}}


@pytest.mark.parametrize("user", ["root", "ops"])
@pytest.mark.parametrize("shell", FILES)
def test_everything_works_through_it(usual: House, shell: str, user: str) -> None:
    home = "/root" if user == "root" else "/home/ops"
    name, prints = FILES[shell]
    usual.server.run(f"install -D -o {user} /dev/stdin {home}/{name}", stdin=prints)
    usual.server.run(f"usermod -s /bin/{shell} {user}")
    how: dict[str, Any] = {"ssh_user": "ops", "_sudo": True} if user == "ops" else {}
    apps = saying(usual, f"{shell} of {user}")

    assert "hello" not in usual.deploy("--dry", apps=apps, **how).check().output
    former = usual.app()["version"]
    assert "hello" not in usual.deploy(apps=apps, **how).check().output
    assert usual.app()["version"] == f"{shell} of {user}"
    assert usual.deploy(apps=apps, **how).check().changed == []
    usual.deploy(deploy="deploys/status.py", **how).check()
    said = usual.deploy("--data", "command=sh -c 'echo it is $DEMO_VERSION'", deploy="deploys/run.py", **how)
    assert f"it is {shell} of {user}" in said.check().output
    assert "hello" not in said.output
    usual.deploy(deploy="deploys/rollback.py", **how).check()
    assert usual.app()["version"] == former
    usual.deploy("--data", "again=yes", apps=apps, **how).check()


@pytest.mark.parametrize("shell", REFUSED)
def test_one_that_runs_no_commands_is_refused(usual: House, shell: str) -> None:
    usual.server.run(f"usermod -s {shell} ops")
    for entry in ("site", "status", "rollback"):
        run = usual.deploy(deploy=f"deploys/{entry}.py", ssh_user="ops", _sudo=True)
        assert run.code != 0
        line = (
            f"the login shell of ops runs no command ({REFUSED[shell]}); give it another: chsh -s /bin/bash"
        )
        assert line in run.output, run.output
        assert "Traceback" not in run.output

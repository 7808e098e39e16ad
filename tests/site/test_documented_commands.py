"""The commands of the README and the pages, run as they stand there, on one server."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command.clone import COLOUR, Clone
from tests.documented import ON_SERVER, ROOT, OnServer
from tests.house import House
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

OWN_DEPLOY = "docs/operations.md"
"""The page with a deploy of the user's own, which one of the commands runs."""


@pytest.fixture(scope="module")
def house(lab: Lab) -> House:
    shop = {"source": str(ROOT / "tests/demo"), "asgi": "demo.main:app", "health": {"path": "/health"}}
    server = lab.up("documented", debian="13")
    sites = {f"www.{server.name}.test": {"routes": {"/": {"app": "shop"}}}}
    return House.on(lab, server, apps={"shop": shop}, sites=sites, backup={"file": "backups/prod.backup"})


@pytest.fixture(scope="module")
def clone(house: House, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A user's clone, whose settings are as the README has them."""
    clone = Clone.at(tmp_path_factory.mktemp("clone"))
    settings = "".join(f"{key} = {value!r}\n" for key, value in house.settings.items())
    page = (ROOT / OWN_DEPLOY).read_text()
    own = page.partition("```python\n")[2].partition("```")[0]
    assert "apt.packages" in own, f"expected {OWN_DEPLOY} to show a deploy of the user's own first"
    clone.write(
        {"group_data/prod.py": settings, "deploys/packages.py": own, "inventories/prod.py": hosts(house)}
    )
    ended = clone.run("site", "prod", "--yes")
    assert ended.code == 0, "\n".join(ended.lines)
    return clone


def hosts(house: House, command: str = "") -> str:
    """The inventory; a second host, which is not there, only where a command leaves it out."""
    connection = {key: value for key, value in house.host_data.items() if key.startswith("ssh_")}
    known = [("web1.example.com", connection)]
    if "--exclude web2" in command:
        known.append(("web2.example.com", connection | {"ssh_port": 9}))
    return f"hosts = {known!r}\n"


@pytest.mark.parametrize("shown", ON_SERVER, ids=lambda shown: shown.command)
def test_a_command_as_it_stands_in_the_pages(house: House, clone: Clone, shown: OnServer) -> None:
    clone.write({"inventories/prod.py": hosts(house, shown.command)})
    words = shlex.split(shown.command.replace("www.example.com", house.domain))
    done = subprocess.run(
        words,
        cwd=clone.root,
        env=os.environ
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GATEHOUSE_BACKUP_PASSPHRASE": "correct horse battery staple",
        },
        input="\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    output = COLOUR.sub("", done.stdout)
    assert done.returncode == shown.code, f"{shown.command} ended with {done.returncode}:\n{output}"
    assert shown.says in output, f"expected {shown.says!r} of {shown.command}:\n{output}"
    assert "Traceback" not in output

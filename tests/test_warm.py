"""A copy of a pyinfra that is warm does what the program does."""

import signal
from pathlib import Path

import pytest

from tests import warm
from tests.provision import begun, pyinfra

HOST = {"ssh_hostname": "192.0.2.1", "ssh_user": "root"}


@pytest.mark.parametrize(
    ("settings", "flags", "deploy"),
    [
        ({"apps": {"shop": {"memori": 3}}}, (), "deploys/site.py"),
        ({}, ("--no-such-flag",), "deploys/site.py"),
        ({}, (), "deploys/no-such.py"),
    ],
)
def test_it_ends_and_tells_as_the_program(
    settings: dict[str, object], flags: tuple[str, ...], deploy: str
) -> None:
    hosts = {"shop": HOST | settings}
    with begun(hosts, *flags, deploy=deploy) as run:
        cold = run.ended()
    assert pyinfra(hosts, *flags, deploy=deploy) == cold
    assert cold.code


def test_each_has_an_environment_of_its_own(tmp_path: Path) -> None:
    inventory, output = tmp_path / "told.py", tmp_path / "output"
    inventory.write_text("import os\nraise SystemExit(int(os.environ.get('CODE', '7')))\n")
    for env, code in (({"CODE": "41"}, 41), ({}, 7)):
        output.touch()
        assert warm.run([str(inventory), "deploys/site.py"], env, output) == code, output.read_text()


def test_one_that_is_killed_is_told_of(tmp_path: Path) -> None:
    inventory, output = tmp_path / "killed.py", tmp_path / "output"
    inventory.write_text("import os\nos.kill(os.getpid(), 9)\n")
    output.touch()
    assert warm.run([str(inventory), "deploys/site.py"], {}, output) == -signal.SIGKILL

"""A fork of a program that is imported does what the program does."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provision import ROOT, begun, pyinfra
from tests.ready import Ready

HOST = {"ssh_hostname": "192.0.2.1", "ssh_user": "root"}
PROGRAM = """
import json, os, pathlib, sys
if "killed" in sys.argv:
    os.kill(os.getpid(), 9)
told = [sys.argv[1:], sys.stdin.read(), os.getcwd(), os.environ.get("WORD")]
print(json.dumps(told))
print("said", file=sys.stderr)
sys.exit(41)
"""


@pytest.mark.parametrize(
    ("settings", "flags", "deploy"),
    [
        ({"apps": {"shop": {"memori": 3}}}, (), "deploys/site.py"),
        ({}, ("--no-such-flag",), "deploys/site.py"),
        ({}, (), "deploys/no-such.py"),
    ],
)
def test_pyinfra_ends_and_tells_as_from_its_start(
    settings: dict[str, object], flags: tuple[str, ...], deploy: str
) -> None:
    hosts = {"shop": HOST | settings}
    with begun(hosts, *flags, deploy=deploy) as run:
        cold = run.ended()
    assert pyinfra(hosts, *flags, deploy=deploy) == cold
    assert cold.code


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Ready]:
    file = tmp_path / "program"
    file.write_text(PROGRAM)
    ready = Ready(Path(sys.executable), file, ROOT, ["tests.patience"])
    yield ready
    ready.end()


def test_each_run_has_words_and_surroundings_of_its_own(program: Ready, tmp_path: Path) -> None:
    for number, folder in enumerate((tmp_path, ROOT)):
        word = f"word {number}"
        done = program.run([word], typed=f"typed {word}", folder=folder, environment={"WORD": word})
        assert done.stdout == f'[["{word}"], "typed {word}", "{folder}", "{word}"]\n'
        assert (done.returncode, done.stderr) == (41, "said\n")
    assert program.run([], folder=ROOT, environment={}, together=True).stdout.endswith("null]\nsaid\n")


def test_one_that_is_killed_is_told_of(program: Ready) -> None:
    assert program.run(["killed"], folder=ROOT, environment={}).returncode == -signal.SIGKILL

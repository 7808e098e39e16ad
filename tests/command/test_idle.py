"""A file that does something is a deploy, whoever wrote it; one that only defines things would do nothing."""

from pathlib import Path

import pytest

from deploys.command.idle import is_idle
from deploys.command.verbs import VERBS
from tests.command.clone import ROOT

APT = "from pyinfra.operations import apt\n"
DOES = {
    "an operation": f"{APT}apt.packages(packages=['gettext'])\n",
    "an operation whose end is kept": f"{APT}done = apt.packages(packages=['gettext'])\n",
    "of a module": "import pyinfra.operations.apt as apt\ndone: object = apt.upgrade()\n",
    "of one of the owner's": "from mine import prepare\ndone = prepare()\n",
    "under a condition": f"{APT}import os\nif os.environ.get('FULL'):\n    apt.upgrade()\n",
    "for each": f"{APT}for name in ('gettext', 'jq'):\n    apt.packages(packages=[name])\n",
    "a function of its own": f"{APT}def all_of_it():\n    apt.upgrade()\n\nall_of_it()\n",
    "with others included": "from pyinfra import local\nlocal.include('deploys/packages.py')\n",
    "no Python": "apt.packages(\n",
    "zeros": "\0",
}
IDLE = {
    "nothing": "",
    "a docstring": '"""Packages."""\n',
    "imports": APT,
    "a function that nobody calls": f"{APT}def packages():\n    apt.packages(packages=['gettext'])\n",
    "settings": "import os\nacme = {'email': os.environ['MAIL']}\napps = dict(shop={})\n",
    "a program": "def main():\n    pass\n\nif __name__ == '__main__':\n    main()\n",
}


@pytest.mark.parametrize("content", DOES.values(), ids=DOES)
def test_whoever_does_something_is_a_deploy(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(content)
    assert not is_idle(path)


@pytest.mark.parametrize("content", IDLE.values(), ids=IDLE)
def test_whoever_only_defines_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(content)
    assert is_idle(path)


def test_a_file_that_is_not_there_is_left_to_pyinfra(tmp_path: Path) -> None:
    assert not is_idle(tmp_path / "mine.py")


@pytest.mark.parametrize("entry", [verb.entry for verb in VERBS])
def test_every_deploy_of_ours_does_something(entry: str) -> None:
    assert not is_idle(ROOT / entry)

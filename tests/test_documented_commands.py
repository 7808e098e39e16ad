"""Every command that the README or a page shows is run by a test."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documented import ELSEWHERE, HERE, ON_SERVER, ROOT, THERE, commands_in, shown


def test_each_command_of_the_pages_is_in_a_table() -> None:
    known = {one.command for one in (*ON_SERVER, *THERE)} | set(ELSEWHERE) | set(HERE)
    assert sorted(shown() - known) == [], "expected each command in a table of tests/documented.py"
    assert sorted(known - shown()) == [], "expected no command in a table that no page shows"


def test_what_runs_elsewhere_is_there() -> None:
    for words in ELSEWHERE.values():
        for path in re.findall(r"tests/[\w/.]*\w", words):
            assert (ROOT / path).exists(), f"expected {path}, which is said to run a command of the pages"


@pytest.mark.parametrize(
    ("page", "commands"),
    [
        ("    pyinfra a.py b.py     # what\n", ["pyinfra a.py b.py"]),
        ("    pyinfra a.py b.py     to the former release\n", ["pyinfra a.py b.py"]),
        ("      - run: make venv\n", ["make venv"]),
        ("$ pyinfra -y a.py b.py\n", ["pyinfra -y a.py b.py"]),
        ("see `./gatehouse site prod --dry`, or\n", ["./gatehouse site prod --dry"]),
        ('    eval "$(./gatehouse completion bash)"\n', ['eval "$(./gatehouse completion bash)"']),
        ("    df -h / /var\n    systemctl status ssh   # why\n", ["df -h / /var", "systemctl status ssh"]),
        ("    .venv/bin/pytest -q tests    all\n", [".venv/bin/pytest -q tests"]),
        ("pyinfra runs them\n    makeshift a\n", []),
    ],
)
def test_how_a_page_shows_a_command(page: str, commands: list[str]) -> None:
    assert list(commands_in(page)) == commands


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone this clone, with what is in it now."""
    origin, copy = tmp_path_factory.mktemp("origin"), tmp_path_factory.mktemp("clones") / "copy"
    named = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(
        ["tar", "-c", "--null", "--files-from=-", f"--file={origin}/all.tar"],
        cwd=ROOT,
        input=listing,
        check=True,
    )
    for command in (
        ["tar", "-xf", "all.tar"],
        ["git", "init", "--quiet"],
        ["git", "add", "--all", "--force", "--", ":!all.tar"],
        ["git", *named, "commit", "--quiet", "--no-verify", "-m", "all"],
        ["git", "clone", "--quiet", str(origin), str(copy)],
    ):
        subprocess.run(command, cwd=origin, check=True)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@pytest.mark.parametrize("command", HERE)
def test_a_command_for_any_machine_as_it_stands_in_the_pages(copy: Path, command: str) -> None:
    written = command.replace("URL-OF-YOUR-COPY", str(copy))
    done = subprocess.run(
        ["bash", "-ec", f"{written}\n{HERE[command]}"],
        cwd=copy.parent if written != command else copy,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr}"

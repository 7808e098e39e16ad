"""Every command that the README or a page shows is run by a test."""

import re

import pytest

from tests.documented import ELSEWHERE, ON_SERVER, ROOT, commands_in, shown


def test_each_command_of_the_pages_is_in_a_table() -> None:
    known = {one.command for one in ON_SERVER} | set(ELSEWHERE)
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
        ("pyinfra runs them\n    makeshift a\n", []),
    ],
)
def test_how_a_page_shows_a_command(page: str, commands: list[str]) -> None:
    assert list(commands_in(page)) == commands

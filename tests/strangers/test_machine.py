"""After all that strangers have tried, the machine is what it was."""

from typing import Any

import pytest

from tests.strangers.play import Play

pytestmark = pytest.mark.lab


def differing(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[Any, Any]]:
    return {
        path: (before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    }


def test_files_are_as_they_were(play: Play) -> None:
    assert len(play.before["files"]) > 10_000
    assert differing(play.before["files"], play.after["files"]) == {}


@pytest.mark.parametrize("what", ["units", "listeners", "processes", "rules", "users", "groups"])
def test_the_machine_is_as_it_was(play: Play, what: str) -> None:
    assert play.before[what]
    assert play.after[what] == play.before[what]

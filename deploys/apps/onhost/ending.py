"""On the host: how a build ended, by what systemd has of its unit, and what is told of it. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from deploys.apps.onhost import lacking, unbuilt, unset
from deploys.onhost import words

PROPERTIES = ("ActiveState", "SubState", "Result", "ExecMainCode", "ExecMainStatus")
"""What systemd is asked of the unit."""
LAST = 60
"""Lines of what a build wrote that are looked at; journald keeps what it takes of it within bounds."""

_EXITED = "1"
"""What ended a process, in systemd's numbers: it exited by itself (CLD_EXITED, sigaction(2))."""


class Ending(NamedTuple):
    """How it ended."""

    words: str
    """What is wrong; empty where nothing is."""
    has_exited: bool = False
    """Whether it gave up by itself: only then it may be for the want of what it wrote of last."""


STOPPED = Ending("it was stopped")


def of(state: Mapping[str, str]) -> "Ending | None":
    """Give the end of a build, by its unit's properties; None while it goes on."""
    match state:
        case {"ActiveState": "active", "SubState": "exited", "ExecMainCode": code, "ExecMainStatus": status}:
            return Ending("") if (code, status) == (_EXITED, "0") else Ending("it was killed")
        case {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": status}:
            return Ending(f"it ended with {status}", has_exited=True)
        case {"ActiveState": "failed", "Result": result}:
            return Ending(f"it ended by {result}")
        case {"ActiveState": "inactive"}:
            return STOPPED
    return None


def told(what: str, ending: Ending, written: str) -> str:
    """Tell of a build that failed.

    Args:
        what: names it.
        ending: how it ended.
        written: what it wrote last.

    """
    lines = words.lines(written, LAST) if ending.has_exited else []
    found = unbuilt.of_python(lines) or _lacking(lines) or unbuilt.remedy(lines) or unset.of_build(lines)
    return f"{what}, {ending.words}{found and f': {found}'}:\n{words.quoted(written)}"


def _lacking(lines: "list[str]") -> str:
    found = lacking.remedy(lines)
    return found + unbuilt.or_a_wheel(lines) if found else ""

"""On the host: why a release did not start, by the last traceback that it wrote."""

import re

from deploys.onhost import words

_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
_OF_THE_APP = re.compile(r"/releases/\d+/code/(?P<path>.+)")
_RAISED = re.compile(r"[A-Za-z_][\w.]*(: .*)?$")
_MOST = 200
"""Characters of an exception's own words."""


def cause(lines: "list[str]") -> str:
    """Say which exception ended it, and where in the app's own files; nothing where there was no traceback.

    Args:
        lines: what the release wrote.

    """
    start = next((number for number in reversed(range(len(lines))) if _TRACEBACK in lines[number]), None)
    if start is None:
        return ""
    place, raised = "", ""
    for line in lines[start + 1 :]:
        frame = _FRAME.match(line)
        if frame:
            own = _OF_THE_APP.search(frame["path"])
            place = f", at {own['path']}:{frame['line']}" if own else place
        elif not line.startswith(" ") and _RAISED.match(line):
            raised = line
            break
    return words.shown(raised, _MOST) + words.shown(place, _MOST) if raised else ""


def without_others(lines: "list[str]") -> "list[str]":
    """Leave out the frames that are not of the app's own files: those of servers and of Python itself."""
    kept, is_others = [], False
    for line in lines:
        frame = _FRAME.match(line)
        if frame:
            is_others = not _OF_THE_APP.search(frame["path"])
        elif not line.startswith("    "):
            is_others = False
        if not is_others:
            kept.append(line)
    return kept

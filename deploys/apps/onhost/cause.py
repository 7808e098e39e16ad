"""On the host: why a release did not start, by the last traceback that it wrote."""

import os
import re

from deploys.onhost import words

_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
_OF_THE_APP = re.compile(r"/releases/\d+/code/(?P<path>.+)")
_RAISED = re.compile(r"[A-Za-z_][\w.]*(: .*)?$")
_REFUSED = re.compile(r"Permission denied|Read-only file system")
_PATH = re.compile(r"[\"'](/[^\"']+)[\"']")
_DATABASE = re.compile(r"unable to open database file|attempt to write a readonly database")
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


def remedy(lines: "list[str]") -> str:
    """Say by which setting the app may write where it could not; nothing where that was not the matter.

    Args:
        lines: what the release wrote.

    """
    for line in reversed(lines):
        path = _PATH.search(line)
        if path and _REFUSED.search(line):
            within = _OF_THE_APP.search(path[1])
            if within:
                first, slash, _ = within["path"].partition("/")
                return f'to write there, name it: "persistent": ["{words.shown(first + slash, 60)}"]'
            if not path[1].startswith("/proc/"):
                place = words.shown(os.path.dirname(path[1]), 100)
                return f'to write there, name it: "sandbox": {{"writable": ["{place}"]}}'
        if _DATABASE.search(line):
            return 'a database in the code is to be named: "persistent": ["db.sqlite3"]'
    return ""

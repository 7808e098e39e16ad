"""On the host: why a release did not start, by the last traceback that it wrote."""

import re

from deploys.apps.onhost import confined, lacking, unset, unwritable
from deploys.apps.onhost.unwritable import Code
from deploys.onhost import words

_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
_OF_THE_APP = re.compile(r"/releases/\d+/code/(?P<path>.+)")
_FILE = re.compile(r"[\w./@+-]{1,200}$", re.ASCII)
_RAISED = re.compile(r"[A-Za-z_][\w.]*(: .*)?$")
_TAKEN = re.compile(r"OSError: \[Errno 98\]")
_MISSING = re.compile(r"ModuleNotFoundError: No module named '(\w{1,60})'$")
_IMPORTS = re.compile(r"/releases/\d+/(?:code/|venv/lib/[^/]+/site-packages/)")
"""Whose import means that a module is needed; importlib's may be of the name that the settings have."""
_HAS = {"distutils": "setuptools", "pkg_resources": "setuptools<81"}
"""What to ask for, of modules that older packages take to be there."""
_MOST = 200
"""Characters of an exception's own words."""


def cause(lines: "list[str]") -> str:
    """Say which exception ended it, and where in the app's own files; nothing where there was no traceback.

    Args:
        lines: what the release wrote.

    """
    frames, raised = _last_traceback(lines)
    own = [(_OF_THE_APP.search(frame["path"]), frame["line"]) for frame in frames]
    # The app may have written that itself, for us to say something else by it.
    places = [f", at {found['path']}:{line}" for found, line in own if found and _FILE.match(found["path"])]
    return "".join((words.cited(raised, _MOST), *places[-1:])) if raised else ""


def _last_traceback(lines: "list[str]") -> "tuple[list[re.Match[str]], str]":
    """Give its frames, the innermost last, and what was raised; nothing where it has no end."""
    start = next(
        (number for number in reversed(range(len(lines))) if _TRACEBACK in lines[number]), len(lines)
    )
    frames = []
    for line in lines[start + 1 :]:
        frame = _FRAME.match(line)
        if frame:
            frames.append(frame)
        elif not line.startswith(" ") and _RAISED.match(line):
            return frames, line
    return [], ""


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


def remedy(lines: "list[str]", code: Code) -> str:
    """Say what to do where the app could not write or listen, or did not find something; else nothing.

    Args:
        lines: what the release wrote.
        code: its code.

    """
    return unwritable.remedy(lines, code) or _of_what_was_raised(lines) or unset.of_release(lines)


def _of_what_was_raised(lines: "list[str]") -> str:
    frames, raised = _last_traceback(lines)
    if _TAKEN.match(raised) and any(_OF_THE_APP.search(frame["path"]) for frame in frames):
        return (
            "a port that it opens itself may be another release's until that one ends: take one by the slot,"
            ' like 9100 + (os.environ["GATEHOUSE_SLOT"] == "b")'
        )
    missing = _MISSING.match(raised)
    if missing and frames and _IMPORTS.search(frames[-1]["path"]):
        name = _HAS.get(missing[1], "one that does")
        return f"no package that is installed has {missing[1]}: add {name} to the app's dependencies"
    return confined.remedy(raised) or lacking.of_line(raised)

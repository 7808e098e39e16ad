"""On the host: why a release did not start, by the last traceback that it wrote."""

import os
import re

from deploys.onhost import words

_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
_OF_THE_APP = re.compile(r"/releases/\d+/code/(?P<path>.+)")
_FILE = re.compile(r"[\w./@+-]{1,200}$", re.ASCII)
_RAISED = re.compile(r"[A-Za-z_][\w.]*(: .*)?$")
_REFUSED = re.compile(r"Permission denied|Read-only file system")
_RELATIVE = re.compile(r": [\"']([\w.-][\w./-]{0,200})[\"']$")
_PLACE = re.compile(r"/[A-Za-z0-9._@+/-]{1,100}$")
"""What the settings take for a directory."""
_SHARED = {"", "media", "mnt", "srv"}
"""Directories that have others', which are not to be given to an app as a whole."""
_OF_THE_SYSTEM = {
    *("bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "lost+found", "opt", "proc"),
    *("root", "run", "sbin", "snap", "sys", "tmp", "usr", "var"),
}
"""Directories below the root that are the system's, its users' or gatehouse's, with all that is in them."""
_PATH = re.compile(r"[\"'](/[^\"']+)[\"']")
_ELSEWHERE = "have it write to $STATE_DIRECTORY instead, and logs to standard output"
_DATABASE = re.compile(r"unable to open database file|attempt to write a readonly database")
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


def remedy(lines: "list[str]") -> str:
    """Say what to do where the app could not write or listen, or found no module; nothing for another matter.

    Args:
        lines: what the release wrote.

    """
    return next(filter(None, map(_of_what_is_unwritable, reversed(lines))), "") or _of_what_was_raised(lines)


def _of_what_is_unwritable(line: str) -> str:
    if _DATABASE.search(line):
        return 'a database in the code is to be named: "persistent": ["db.sqlite3"]'
    absolute, relative = _PATH.search(line), _RELATIVE.search(line)
    found = absolute or relative
    if not found or not _REFUSED.search(line) or found[1].startswith("/proc/"):
        return ""
    within = _OF_THE_APP.search(found[1])
    place = os.path.dirname(found[1])
    if absolute and not within:
        if not all(map(_is_nobody_s, (place, os.path.realpath(place)))):
            return _ELSEWHERE
        return f'to write there, name it: "sandbox": {{"writable": ["{words.shown(place, 100)}"]}}'
    first, slash, _ = (within["path"] if within else os.path.normpath(found[1])).partition("/")
    if not first.strip(".") or (relative and not slash and "." not in first):
        return _ELSEWHERE
    return f'to write there, name it: "persistent": ["{words.shown(first + slash, 60)}"]'


def _is_nobody_s(place: str) -> bool:
    """Say whether a directory may be given to an app: what an app writes could have us advise any."""
    top, _, below = place.strip("/").partition("/")
    if not _PLACE.match(place) or place != os.path.normpath(place) or top in _OF_THE_SYSTEM:
        return False
    home = f"/srv/{below.partition('/')[0]}"
    of_an_app = (f"{home}/releases", f"/etc/sysusers.d/gatehouse-{os.path.basename(home)}.conf")
    return top not in _SHARED or (bool(below) and not (top == "srv" and any(map(os.path.lexists, of_an_app))))


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
    return ""

"""On the host: what to say to a release that could not write where it would, by what its code has there."""

import itertools
import os
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from deploys.onhost import files, words

_REFUSED = re.compile(r"Permission denied|Read-only file system")
_MISSING = re.compile(r"\[Errno 2\] No such file or directory")
_OF_A_RELEASE = re.compile(r"/releases/\d+/(?P<top>[^/]+)(?:/(?P<path>.+))?")
_PATH = re.compile(r"[\"'](/[^\"']+)[\"']")
_RELATIVE = re.compile(r" [\"']([\w.-][\w./-]{0,200})[\"'](?:: [A-Z][a-z -]+)?$")
_PLACE = re.compile(r"/[A-Za-z0-9._@+/-]{1,100}$")
"""What the settings take for a directory."""
_SHARED = {"", "media", "mnt", "srv"}
"""Directories that have others', which are not to be given to an app as a whole."""
_OF_THE_SYSTEM = {
    *("bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "lost+found", "opt", "proc"),
    *("root", "run", "sbin", "snap", "sys", "tmp", "usr", "var"),
}
"""Directories below the root that are the system's, its users' or gatehouse's, with all that is in them."""
_ELSEWHERE = "have it write to $STATE_DIRECTORY instead, and logs to standard output"

_FRAME = re.compile(r"\s*File \"[^\"]+\", line \d+")
_MAKES = re.compile(r"\b(?:mkdir|makedirs)\(|, in (?:mkdir|makedirs)$|\bmkdir: cannot create directory")
"""What a frame has in which a directory is made, and not a file of a name that Python makes up."""
_MADE_UP = re.compile(r", in mkdtemp$")
_WRITES = re.compile(
    r"logging/__init__\.py\", line \d+, in _open$|, in (?:mkdir|makedirs|write_text|write_bytes|touch)$"
    r"|\b(?:mkdir|makedirs|write_text|write_bytes|touch)\(|\bopen\([^#]*[\"'][wax][bt+]*[\"']"
)
"""What the last frames have where a file is missing that is not to be read."""
_NEAR = 12
"""Lines before what was raised that its last frames have."""

_NO_DATABASE = re.compile(r"unable to open database file|attempt to write a readonly database")
_SUFFIXES = (".db", ".db3", ".sqlite", ".sqlite3")
_DATABASE = re.compile(r"[\"'](?:sqlite(?:\+\w+)?:///)?([\w./-]*\w\.(?:sqlite3?|db3?))[\"']")
_MOST_FILES = 200_000
"""Entries of a release's code that are looked at."""


class Code(NamedTuple):
    """The code of a release."""

    path: str
    """Where it is."""
    directory: str = ""
    """The part of it in which the app runs, and to which its own paths are relative; empty for all of it."""
    kept: Iterable[str] = ()
    """What comes into it from elsewhere with each release."""


def remedy(lines: "list[str]", code: Code) -> str:
    """Say what to set, or to write to, where the app could not write; nothing for another matter.

    Args:
        lines: what the release wrote.
        code: its code.

    """
    return next(filter(None, (_of_line(lines, at, code) for at in reversed(range(len(lines))))), "")


def _of_line(lines: "list[str]", at: int, code: Code) -> str:
    line = lines[at]
    if _NO_DATABASE.search(line):
        return _of_database("\n".join(lines[max(0, at - _NEAR) : at]), code)
    is_missing = bool(_MISSING.search(line))
    if not is_missing and not _REFUSED.search(line):
        return ""
    frames = _last_frames(lines, at)
    if is_missing and not any(map(_WRITES.search, frames)):
        return ""
    found = _PATH.search(line) or _RELATIVE.search(line)
    if not found or found[1].startswith("/proc/"):
        return ""
    last = [line, *frames[: next((n for n, each in enumerate(frames, 1) if _FRAME.match(each)), 0)]]
    is_directory = any(map(_MAKES.search, last)) and not any(map(_MADE_UP.search, last))
    return _of_path(found[1], code, is_directory=is_directory, is_missing=is_missing)


def _last_frames(lines: "list[str]", at: int) -> "list[str]":
    """Give the lines of the last frames before one, from it upwards."""
    near = lines[max(0, at - _NEAR) : at][::-1]
    return list(itertools.takewhile(lambda line: line.startswith(" "), near))


def _of_path(path: str, code: Code, *, is_directory: bool, is_missing: bool) -> str:
    within = _OF_A_RELEASE.search(path)
    if path.startswith("/") and not within:
        place = os.path.dirname(path)
        if is_missing or not all(map(_is_nobody_s, (place, os.path.realpath(place)))):
            return _ELSEWHERE
        return f'to write there, name it: "sandbox": {{"writable": ["{words.shown(place, 100)}"]}}'
    in_code = _in_code(path, code)
    if not in_code:
        return _ELSEWHERE
    way = in_code + "/" * is_directory
    if is_missing:
        return _of_missing(os.path.dirname(way), code)
    named = _to_name(way, code)
    return _name(named) if named else _ELSEWHERE


def _is_nobody_s(place: str) -> bool:
    """Say whether a directory may be given to an app: what an app writes could have us advise any."""
    top, _, below = place.strip("/").partition("/")
    if not _PLACE.match(place) or place != os.path.normpath(place) or top in _OF_THE_SYSTEM:
        return False
    home = f"/srv/{below.partition('/')[0]}"
    of_an_app = (f"{home}/releases", f"/etc/sysusers.d/gatehouse-{os.path.basename(home)}.conf")
    return top not in _SHARED or (bool(below) and not (top == "srv" and any(map(os.path.lexists, of_an_app))))


def _of_missing(own: str, code: Code) -> str:
    """Name a directory that git does not bring; no wider one, by which it would go on missing."""
    if not own or _is_kept(own, code) or os.path.isdir(os.path.join(code.path, own)):
        return ""
    return _name(f"{own}/")


def _name(path: str) -> str:
    return f'to write there, name it: "persistent": ["{words.shown(path, 100)}"]'


def _in_code(path: str, code: Code) -> str:
    """Give the path within the code; nothing where it is elsewhere, as in the release's environment."""
    within = _OF_A_RELEASE.search(path)
    if within:
        found = os.path.normpath(within["path"] or ".") if within["top"] == "code" else ""
    else:
        found = os.path.normpath(os.path.join(code.directory, path))
    return "" if found.split("/")[0] in {"", ".", ".."} else found


def _to_name(path: str, code: Code) -> str:
    """Choose what of a path is to outlive releases: nothing that a later one would bring anew.

    That is the widest directory on the way in which the release has nothing, else the file's own without any
    code, else the file itself; nothing where even that would be taken for a directory.
    """
    *above, name = path.split("/")
    ways = ["/".join(above[:count]) for count in range(1, len(above) + 1)]
    free = [way for way in ways if not _is_kept(way, code)]
    there = _files(code)
    empty = [way for way in free if not _below(way, there)]
    without_code = [way for way in free[-1:] if not any(file.endswith(".py") for file in _below(way, there))]
    for way in (*empty, *without_code):
        return f"{way}/"
    return path if "." in name.strip(".") else ""


def _is_kept(way: str, code: Code) -> bool:
    return any(f"{place}/".startswith(f"{way}/") for place in (code.directory, *code.kept) if place)


def _files(code: Code) -> "list[str]":
    """List the files that the code has, but for hidden ones, as what keeps a directory in git is."""
    with suppress(OSError), files.opened(code.path) as top:
        found = itertools.islice(files.walk(top), _MOST_FILES)
        return [path for _, name, status, path in found if stat.S_ISREG(status.st_mode) and name[0] != "."]
    return []


def _below(way: str, there: "list[str]") -> "list[str]":
    return [file for file in there if file.startswith(f"{way}/")]


def _of_database(near: str, code: Code) -> str:
    """Name a database by its own path: the lines near have it, or else the release has just one."""
    named = _DATABASE.findall(near)
    if named and named[-1].startswith("/") and not _OF_A_RELEASE.search(named[-1]):
        return _of_path(named[-1], code, is_directory=False, is_missing=False)
    of_release = [file for file in _files(code) if file.endswith(_SUFFIXES)]
    known = [_in_code(named[-1], code)] if named else of_release
    if len(known) == 1 and known[0]:
        return _name(known[0])
    example = os.path.join(code.directory, "db.sqlite3")
    return f'a database in the code is to be named by its path there, like "persistent": ["{example}"]'

"""Files on the controller that the settings name: whatever stands there, it is read to its end or refused."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from deploys.config.remedies import closest
from deploys.onhost.words import shown
from deploys.refusal import Refusal

MOST = 1 << 30
"""Bytes of a file."""

_LONGEST = 200
"""Characters of a path that are shown."""


def content(path: str, key: str, remedy: str) -> bytes:
    """Read a file.

    Args:
        path: relative to the folder in which pyinfra runs.
        key: the setting that names it, for the message.
        remedy: what to do where it cannot be read.

    Raises:
        Refusal: it is not there, cannot be read, or has no end, as a pipe and a device have none.

    """
    if why := problem(path):
        raise Refusal(f"{key}: {shown(path, _LONGEST)!r}: {why}: {_near(path)}{remedy}")
    return Path(path).read_bytes()


def text(path: str, key: str, remedy: str, encoding: str = "utf-8") -> str:
    """Read a file of text, as `content` does.

    Raises:
        Refusal: it cannot be read, or is in another encoding.

    """
    try:
        written = content(path, key, remedy).decode(encoding)
    except UnicodeDecodeError:
        kind = "ASCII" if encoding == "ascii" else "UTF-8"
        raise Refusal(f"{key}: {shown(path, _LONGEST)!r}: is not {kind}: {remedy}") from None
    return written.replace("\r\n", "\n").replace("\r", "\n")


def problem(path: str) -> str | None:
    """Say why a file cannot be read, if it cannot."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return "is a directory"
        if not stat.S_ISREG(status.st_mode):
            return "is no regular file"
        if status.st_size > MOST:
            return f"has more than {MOST >> 30} GB"
        Path(path).open("rb").close()
    except OSError as error:
        return (error.strerror or str(error)).lower()
    except ValueError:  # a zero byte
        return "is no path"
    return None


def beside(path: Path, is_one: Callable[[Path], bool]) -> str:
    """Ask whether what is in the same folder and is called nearly the same was meant."""
    try:
        names = [each.name for each in path.parent.iterdir() if is_one(each)]
    except OSError:
        return ""
    near = closest(path.name, names, cutoff=0.75)
    return f"did you mean {str(path.parent / near)!r}? " if near else ""


def _near(path: str) -> str:
    return "" if os.path.lexists(path) else beside(Path(path), lambda each: problem(str(each)) is None)

"""Anywhere: the times of a release's files, by which its clients are told whether one has changed.

Proxies, Starlette and others make a file's `ETag` of its time and size. So the time is made of the content:
another content has another one, and the same content keeps its own, in every release and on every host.
"""

import hashlib
import os
import stat
import sys
from contextlib import suppress
from typing import BinaryIO

_FIRST = 315619200
"""The second day of 1980: zip, and so a wheel, knows no earlier year."""
_SPAN = 1 << 30
"""Seconds: about 34 years, so that no time is in the future."""
_COMPILED = (".py", ".pyc", ".so")
"""Not served, and compiled code counts only as long as its source has the time that it was compiled at."""


def main(roots: "list[str]") -> None:
    """Give the files below some directories, but for code, their times; what cannot be read keeps its own."""
    pending = [*roots]
    while pending:
        for entry in _entries(pending.pop()):
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            elif not entry.name.endswith(_COMPILED):
                _settle(entry.path)


def of(content: bytes) -> int:
    """Give the time of a file with this content, in seconds since 1970."""
    return _of(hashlib.sha256(content).digest())


def _of(digest: bytes) -> int:
    return _FIRST + int.from_bytes(digest[:8], "big") % _SPAN


def _entries(directory: str) -> "list[os.DirEntry[str]]":
    with suppress(OSError), os.scandir(directory) as found:
        return [*found]
    return []


def _settle(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return
    with open(descriptor, "rb") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            time = _of(_digest(file))
            os.utime(descriptor, (time, time))


def _digest(file: BinaryIO) -> bytes:
    total = hashlib.sha256()
    while piece := file.read(1 << 20):
        total.update(piece)
    return total.digest()


if __name__ == "__main__":
    main(sys.argv[1:])

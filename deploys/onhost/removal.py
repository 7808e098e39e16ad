"""On the host: the removal of what is there, in places where others can write, too.

Whatever they put there meanwhile, nothing else is removed, and it comes to an end.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from deploys.onhost import files, paths

if TYPE_CHECKING:
    from pathlib import Path


def remove(path: "Path | str") -> None:
    """Remove what is there, if anything: a file, a link itself, or a directory with all that is in it."""
    with suppress(FileNotFoundError), paths.parent(path) as (directory, name), paths.named(path):
        remove_at(directory, name)


def remove_at(directory: int, name: str) -> None:
    """Remove what a directory, given by a descriptor, has under a name, if anything."""
    _remove(directory, name, 0)


def _remove(directory: int, name: str, depth: int) -> None:
    """Remove it, from within so many directories that could not be moved."""
    files.refuse_deeper(depth, name)
    if _unlinked(directory, name):
        return
    top = _taken_over(directory, name)
    try:
        for each in _while_any(top):
            if not _unlinked(top, each):
                _lift(top, each, depth)
    finally:
        os.close(top)
    os.rmdir(name, dir_fd=directory)


def _unlinked(directory: int, name: str) -> bool:
    """Remove what is no directory; say whether it is gone."""
    try:
        os.unlink(name, dir_fd=directory)
    except FileNotFoundError:
        return True
    except IsADirectoryError:
        return False
    return True


def _taken_over(directory: int, name: str) -> int:
    """Open a directory that goes, in which nobody else can make anything any more."""
    found = os.open(name, paths.DIRECTORY, dir_fd=directory)
    os.fchown(found, os.geteuid(), os.getegid())
    os.fchmod(found, 0o700)
    return found


def _while_any(directory: int) -> Iterator[str]:
    """Give the names that a directory has until there is none, as somebody takes them away."""
    has_any = True
    while has_any:
        has_any = False
        for each in files.entries_at(directory):
            has_any = True
            yield each


def _lift(top: int, name: str, depth: int) -> None:
    """Remove a directory; those in it are moved up, so that none is too deep for a descriptor or a path."""
    directory = _taken_over(top, name)
    try:
        for each in _while_any(directory):
            if not _unlinked(directory, each):
                _move_up(directory, each, top, depth)
    finally:
        os.close(directory)
    os.rmdir(name, dir_fd=top)


def _move_up(directory: int, name: str, top: int, depth: int) -> None:
    try:
        os.rename(name, secrets.token_hex(8), src_dir_fd=directory, dst_dir_fd=top)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # On another disk, of another quota, or in the image below an overlay: it goes where it is.
        _remove(directory, name, depth + 1)

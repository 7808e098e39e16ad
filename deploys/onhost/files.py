"""On the host: files where others can write, too.

Nothing that they put there leads root astray (`paths`), or holds it up.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from deploys.onhost import contents, paths, words

if TYPE_CHECKING:
    from pathlib import Path

MOST = 16 << 20
"""How many bytes of a file are read unless more is said."""
DEEPEST = 200
"""How many directories may lie in one another in a tree that is walked."""
MOST_ENTRIES = 500_000
"""How many files, directories and links a tree that is walked may have, or a directory that is listed."""

Found = tuple[int, str, os.stat_result, str]
"""What a walk comes by: the descriptor of the directory that has it, its name, its status, and its path."""


def write(
    path: "Path | str", content: "str | bytes", mode: int = 0o644, *, uid: int = -1, gid: int = -1
) -> None:
    """Put a file there, whole, with its owner and mode, in one rename; directories on the way are made.

    Args:
        path: where; what is there, a link included, is replaced.
        content: what is in it.
        mode: its permissions, whatever the umask.
        uid: its owner, unless that is whoever writes it.
        gid: its group, unless that is the writer's.

    """
    with paths.named(path), paths.parent(path, make=True) as (directory, name):
        new = f".{name}.{secrets.token_hex(4)}"
        try:
            with open(os.open(new, paths.NEW, 0o600, dir_fd=directory), "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                os.fchown(file.fileno(), uid, gid)
                os.fchmod(file.fileno(), mode)
                file.flush()
                os.fsync(file.fileno())
            os.rename(new, name, src_dir_fd=directory, dst_dir_fd=directory)
        except BaseException:
            with suppress(OSError):  # what went wrong first is what is to be told
                os.unlink(new, dir_fd=directory)
            raise
        os.fsync(directory)


def read(path: "Path | str", most: int = MOST) -> bytes:
    """Read a regular file; whatever else lies there is refused, and neither waited for nor read for ever.

    Raises:
        OSError: it cannot be read, is no regular file, or has more than `most` bytes.

    """
    with regular(path) as file:
        content: bytes = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"has more than {most} bytes", str(path))
    return content


def text(path: "Path | str") -> str:
    """Read a text, in which what is no UTF-8 is replaced; refuses what `read` refuses."""
    return read(path).decode(errors="replace")


@contextmanager
def regular(path: "Path | str") -> "Iterator[BinaryIO]":
    """Open a regular file, to read it piece by piece; refuses what `read` refuses, but no length."""
    with paths.parent(path, follow=True) as (directory, name), paths.named(path):
        file = open(os.open(name, paths.READ, dir_fd=directory), "rb")  # noqa: SIM115  # closed below
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "is no regular file", str(path))
        yield file


def names(path: "Path | str") -> "list[str]":
    """List what a directory has; nothing, where there is none. More than `MOST_ENTRIES` is an OSError."""
    found = list(islice(entries(path), MOST_ENTRIES + 1))
    if len(found) > MOST_ENTRIES:
        raise _too_many(MOST_ENTRIES, str(path))
    return sorted(found)


def entries(path: "Path | str") -> Iterator[str]:
    """Give the names that a directory has, as they come, and hold none; nothing, where there is none."""
    with suppress(FileNotFoundError, NotADirectoryError), opened(path) as directory:
        yield from entries_at(directory)


def entries_at(directory: int) -> Iterator[str]:
    """Give the names that a directory has, as `entries` does; of one that is given by a descriptor."""
    with os.scandir(directory) as found:
        yield from (entry.name for entry in found)


def is_empty(path: "Path | str") -> bool:
    """Say whether a directory has nothing, or is not there."""
    return next(entries(path), None) is None


def copy(path: "Path | str", place: "Path | str", mode: int = 0o644) -> None:
    """Put the content of a regular file, however long, where nothing is yet, with the time that it has."""
    with (
        regular(path) as file,
        paths.parent(place) as (directory, name),
        open(os.open(name, paths.NEW, 0o600, dir_fd=directory), "wb") as new,
    ):
        contents.copy(file.fileno(), new.fileno())
        status = os.fstat(file.fileno())
        os.utime(new.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
        os.fchmod(new.fileno(), mode)


def set_mode(path: "Path | str", mode: int) -> None:
    """Give a regular file or a directory its permissions; a link is refused."""
    with paths.parent(path) as (directory, name), paths.named(path):
        found = os.open(name, paths.READ, dir_fd=directory)
    try:
        os.fchmod(found, mode)
    finally:
        os.close(found)


def make_directory(path: "Path | str", mode: int = 0o755, *, uid: int = -1, gid: int = -1) -> None:
    """Make a directory, or give the one that is there this mode and owner; those on the way are made, too."""
    with paths.parent(path, make=True) as (directory, name), paths.named(path):
        with suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=directory)
        made = os.open(name, paths.DIRECTORY, dir_fd=directory)
        try:
            os.fchown(made, uid, gid)
            os.fchmod(made, mode)
        finally:
            os.close(made)


@contextmanager
def opened(path: "Path | str") -> Iterator[int]:
    """Open a directory, to go on from its descriptor."""
    with paths.parent(path, follow=True) as (directory, name), paths.named(path):
        found = os.open(name, paths.DIRECTORY, dir_fd=directory)
    try:
        yield found
    finally:
        os.close(found)


def walk(top: int, path: str = "", most: "int | None" = None) -> Iterator[Found]:
    """Go through all that is below a directory, each before what is in it, and follow no link.

    What somebody removes meanwhile, or puts something else in the place of, is left out. No more is held
    of it than the way to where we are: there may be more than there is memory.

    Args:
        top: a descriptor of the directory.
        path: what the paths told begin with.
        most: how much there may be, unless that is `MOST_ENTRIES`.

    Yields:
        The descriptor of the directory that has it, its name, its status, and its path.

    Raises:
        OSError: directories lie too deep in one another, or there is too much.

    """
    most = MOST_ENTRIES if most is None else most
    for count, found in enumerate(_below(top, path, 0)):
        if count == most:
            raise _too_many(most, path)
        yield found


def _too_many(most: int, path: str) -> OSError:
    said = f"more than {most:,} files, directories and links"
    return OSError(errno.EFBIG, said, words.shown(path, 200))


def refuse_deeper(depth: int, path: str) -> None:
    """Refuse a directory that lies in more than `DEEPEST` others: each on the way takes a descriptor."""
    if depth > DEEPEST:
        said = f"more than {DEEPEST} directories in one another"
        raise OSError(errno.ENAMETOOLONG, said, words.shown(path))


def _below(top: int, path: str, depth: int) -> Iterator[Found]:
    refuse_deeper(depth, path)
    for name in entries_at(top):
        below = os.path.join(path, name)
        with suppress(FileNotFoundError, NotADirectoryError):
            status = os.stat(name, dir_fd=top, follow_symlinks=False)
            yield top, name, status, below
            if stat.S_ISDIR(status.st_mode):
                directory = os.open(name, paths.DIRECTORY, dir_fd=top)
                try:
                    yield from _below(directory, below, depth + 1)
                finally:
                    os.close(directory)


def own_at(directory: int, name: str, uid: int, gid: int, mode: int) -> None:
    """Give what a directory, given by a descriptor, has under a name to somebody; of a link, the link itself.

    Args:
        directory: where it is.
        name: its name there.
        uid: its owner from now on.
        gid: its group.
        mode: its permissions, which a link has none of.

    """
    if stat.S_ISLNK(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode):
        own_link_at(directory, name, uid, gid)
        return
    found = os.open(name, paths.READ, dir_fd=directory)
    try:
        os.fchown(found, uid, gid)
        os.fchmod(found, mode)
    finally:
        os.close(found)


def own_link_at(directory: int, name: str, uid: int, gid: int) -> None:
    """Give what a directory, given by a descriptor, has under a name to somebody, though it is a link."""
    os.chown(name, uid, gid, dir_fd=directory, follow_symlinks=False)

"""Files of a source as the controller reads them: each to its end, and none from elsewhere.

Whoever writes a source can put a pipe, a device, or a file of more bytes than there is memory where one is
read by its name, by us or by git.
"""

import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from deploys.onhost.words import shown
from deploys.refusal import Refusal

MOST = 1 << 30
"""Bytes of a source, or of one file."""
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def content(path: Path) -> bytes:
    """Read a regular file.

    Raises:
        OSError: it cannot be read, is something else, or has more than `MOST` bytes.

    """
    with open(os.open(path, _READ), "rb") as file:
        if problem := _problem(os.fstat(file.fileno())):
            raise OSError(errno.EINVAL, problem, str(path))
        return file.read(MOST)


def real(path: Path) -> Path:
    """Say where a path leads. `Path.resolve` raises what is no OSError where links lead in a circle."""
    return Path(os.path.realpath(path))


def within(root: Path, name: str) -> bytes:
    """Read a regular file of a directory's; a link counts as what it leads to, if that is one of them.

    Raises:
        OSError: as for `content`, or it is elsewhere.

    """
    path = real(root / name)
    if not path.is_relative_to(real(root)):
        raise OSError(errno.EINVAL, "leads out of the source", str(root / name))
    return content(path)


def below(top: Path, but: Collection[str] = (), *, strict: bool = True) -> "Iterator[os.DirEntry[str]]":
    """Give all that is in a directory and those in it, and follow no link.

    Args:
        top: the directory.
        but: names of directories, or of links to one, that are left out.
        strict: whether a directory that cannot be read is an error.

    """
    pending = [str(top)]
    while pending:
        try:
            entries = sorted(os.scandir(pending.pop()), key=lambda entry: entry.name)
        except OSError:
            if strict:
                raise
            continue
        for entry in entries:
            if entry.name in but and entry.is_dir():
                continue
            yield entry
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)


def refuse_too_much(files: Iterable[tuple[str, Path]], key: str) -> None:
    """See that the files of a source, by their names there, are no more than can be sent."""
    left = MOST
    for name, path in files:
        left -= path.lstat().st_size
        if left < 0:
            remedy = f"a source may have {MOST >> 30} GB: have git ignore what the app does not need"
            raise Refusal(f"{key}: {shown(name)!r} is too much: {remedy}")


def refuse_endless(paths: Iterable["str | os.DirEntry[str]"], key: str) -> None:
    """See that git does not wait or read for ever where it looks by itself: at files, or directories.

    Args:
        paths: where it looks.
        key: the setting, for the message.

    Raises:
        Refusal: something there has no end.

    """
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:  # as a link that leads nowhere
            continue
        if not stat.S_ISDIR(status.st_mode) and (problem := _problem(status)):
            raise Refusal(f"{key}: {shown(os.fspath(path), 200)!r} {problem}: remove it")


def of_git_s(root: Path, top: Path) -> "Iterator[os.DirEntry[str]]":
    """Give the files by which git knows what to ignore and the like, in a directory and on the way to it."""
    for directory in (parent for parent in root.parents if parent.is_relative_to(top)):
        yield from (entry for entry in os.scandir(directory) if entry.name.startswith(".git"))
    for entry in below(root, but=(".git",), strict=False):
        if entry.name.startswith(".git"):
            yield entry


def _problem(status: os.stat_result) -> str | None:
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    return f"has more than {MOST >> 30} GB" if status.st_size > MOST else None

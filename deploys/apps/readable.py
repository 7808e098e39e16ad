"""Files of a source as the controller reads them: each to its end, and none from elsewhere.

Whoever writes a source can put a pipe, a device, or a file of more bytes than there is memory where one is
read by its name, by us or by git.
"""

import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deploys.onhost import paths
from deploys.onhost.words import shown
from deploys.refusal import Refusal

MOST = 1 << 30
"""Bytes of a source, or of one file."""


class Stray(OSError):
    """A name that git, or the settings, have for a file of a source, and that leads elsewhere."""


def content(path: Path) -> bytes:
    """Read a regular file.

    Raises:
        OSError: it cannot be read, is something else, or has more than `MOST` bytes.

    """
    return _content(os.open(path, paths.READ), str(path))


def is_git_s(name: str) -> bool:
    """Say whether a component of a path is a repository's own, as on disks where case does not count."""
    return name.casefold() == ".git"


def status(root: Path, name: str) -> os.stat_result | None:
    """Look at what a source has under a name, at a link itself; None where there is nothing.

    Raises:
        Stray: the name leads elsewhere.
        OSError: it cannot be looked at.

    """
    with suppress(FileNotFoundError, NotADirectoryError), _entered(root, name) as (directory, last):
        return os.stat(last, dir_fd=directory, follow_symlinks=False)
    return None


def is_file(root: Path, name: str) -> bool:
    """Say whether a source has a file, or a link, under a name; raises what `status` raises."""
    found = status(root, name)
    return found is not None and (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode))


def target(root: Path, name: str) -> str | None:
    """Say where a link of a source's leads; None of what is no link. Raises what `status` raises."""
    found = status(root, name)
    if found is None or not stat.S_ISLNK(found.st_mode):
        return None
    with _entered(root, name) as (directory, last):
        return os.readlink(last, dir_fd=directory)


def look(root: Path, name: str) -> tuple[str, bytes]:
    """Read what a file of a source is, and what is in it; in a link, where it leads.

    Raises:
        Stray: the name leads elsewhere.
        OSError: as for `content`.

    """
    with _entered(root, name) as (directory, last):
        found = os.stat(last, dir_fd=directory, follow_symlinks=False)
        if stat.S_ISLNK(found.st_mode):
            return "link", os.readlink(last, dir_fd=directory).encode()
        kind = "executable" if found.st_mode & 0o100 else "file"
        return kind, _content(os.open(last, paths.READ, dir_fd=directory), str(root / name))


def real(path: Path) -> Path:
    """Say where a path leads. `Path.resolve` raises what is no OSError where links lead in a circle."""
    return Path(os.path.realpath(path))


def within(root: Path, name: str) -> bytes:
    """Read a regular file of a directory's; a link counts as what it leads to, if that is one of them.

    Raises:
        OSError: as for `content`, or it is elsewhere.

    """
    top, path = real(root), real(root / name)
    if not path.is_relative_to(top):
        raise OSError(errno.EINVAL, "leads out of the source", str(root / name))
    # By the way that the links came to, in which none may have been put since.
    return look(top, path.relative_to(top).as_posix())[1]


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


@contextmanager
def _entered(root: Path, name: str) -> Iterator[tuple[int, str]]:
    """Open the directory that has a file of a source, one after another and by no link, and name the file.

    All that a source's files are looked at and read by: an index can name what git itself would never add,
    and what was a directory when it was written can be a link by now.

    Args:
        root: the source's directory, resolved.
        name: the file's path in it.

    """
    parts = name.split("/")
    if any(part in {"", ".", ".."} or is_git_s(part) for part in parts):
        remedy = "take it out of `include`, or make git's index anew by `rm .git/index` and `git reset`"
        raise Stray(f"{shown(name, 200)!r} is no name of a file in it: {remedy}")
    here = os.open(root, paths.DIRECTORY)
    try:
        for count, part in enumerate(parts[:-1], 1):
            try:
                below = os.open(part, paths.DIRECTORY, dir_fd=here)
            except OSError:
                if _is_link(here, part):
                    link = shown("/".join(parts[:count]), 200)
                    remedy = "put a directory in its place, or have git track, or `include`, what it leads to"
                    raise Stray(f"{shown(name, 200)!r} is behind the link {link!r}: {remedy}") from None
                raise
            os.close(here)
            here = below
        yield here, parts[-1]
    except Stray:
        raise
    except OSError as error:  # which would name a part of the path, or nothing
        raise OSError(error.errno, error.strerror, str(root / name)) from None
    finally:
        os.close(here)


def _is_link(directory: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _content(descriptor: int, path: str) -> bytes:
    with open(descriptor, "rb") as file:
        if problem := _problem(os.fstat(descriptor)):
            raise OSError(errno.EINVAL, problem, path)
        return file.read(MOST)


def _problem(status: os.stat_result) -> str | None:
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    return f"has more than {MOST >> 30} GB" if status.st_size > MOST else None

"""On the host: the way to a file where others can write, too.

A path is walked by descriptors, one directory after another; a link on the way counts only where nobody but
root could have put it.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""How a directory is opened."""
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
"""How a file is opened that others may have put there: a pipe or a device holds nobody up."""
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
"""How a file is opened that is not there yet."""
_MOST_LINKS = 40


@contextmanager
def parent(path: "Path | str", *, follow: bool = False, make: bool = False) -> "Iterator[tuple[int, str]]":
    """Open the directory that has a path's last component, and name that.

    Args:
        path: absolute.
        follow: whether a link of root's that is the last component is followed as those on the way are.
        make: whether directories that are missing on the way are made.

    """
    if not os.path.isabs(path):
        raise OSError(errno.EINVAL, "is no absolute path", str(path))
    left, links = [*reversed(Path(path).parts[1:] or ["."])], 0
    here = os.open("/", DIRECTORY)
    try:
        while True:
            name = left.pop()
            with named(path):
                target = _target(here, name) if left or follow else None
            if target is not None:
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
                if os.path.isabs(target):
                    os.close(here)
                    here = os.open("/", DIRECTORY)
                left += reversed([part for part in Path(target).parts if part != "/"] or ["."])
            elif left:
                with named(path):
                    below = _entered(here, name, make=make)
                os.close(here)
                here = below
            else:
                yield here, name
                return
    finally:
        os.close(here)


def _target(directory: int, name: str) -> "str | None":
    """Give where a link of root's leads; None where there is no link."""
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISLNK(status.st_mode):
        return None
    around, ours = os.fstat(directory), {0, os.geteuid()}
    is_shared = around.st_uid not in ours or around.st_mode & 0o022
    is_ours = status.st_uid in ours and around.st_mode & stat.S_ISVTX and around.st_uid in ours
    if is_shared and not is_ours:
        raise OSError(errno.ELOOP, "not followed, as another user could have put a link there")
    return os.readlink(name, dir_fd=directory)


def _entered(directory: int, name: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, 0o755, dir_fd=directory)
    return os.open(name, DIRECTORY, dir_fd=directory)


def resolved(path: "Path | str") -> "Path | None":
    """Follow all links to what is there, as far as the kernel does; None where that is nothing.

    Python would go on for ever along links that a build has laid one behind the other, or give up badly.
    """
    try:
        found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return Path(os.readlink(f"/proc/self/fd/{found}"))
    except OSError:
        return None
    finally:
        os.close(found)


@contextmanager
def named(path: "Path | str") -> Iterator[None]:
    """Have errors name the whole path, where descriptors have them name a part of it, or nothing."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None

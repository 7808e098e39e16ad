"""On the host: what an app writes within its code outlives the release, in a place of its own.

The release has a link there. Root makes both by descriptors, in a release that is sealed: a link that a
build has planted leads nowhere, and the place itself lies where nobody but root can put anything.
"""

import errno
import os
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from deploys.apps.onhost import copying
from deploys.onhost import files, paths, removal, words

_MOST = 20_000_000
"""Files and directories that an app may keep: what its users upload may be many more than a release has."""

_REPLACED = {errno.ENOENT, errno.ELOOP, errno.ENXIO}
"""Why what was a directory or a file cannot be opened any more: it is not there, a link, or a socket."""

_ACL_VERSION = 2
_OWNER, _USER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
"""For whom an entry is that names nobody (acl(5))."""


def settle(code: str, top: str, persistent: "list[dict[str, Any]]", uid: int, gid: int) -> None:
    """Have a sealed release lead to what outlives it, which begins as what the release has there.

    Args:
        code: where the release's code is.
        top: the directory of all that outlives the app's releases.
        persistent: of each file or directory its `path` in the code, whether it `is_directory`, the `place`
            that is its own below `top`, and the `target` there.
        uid: the app's user.
        gid: its group.

    """
    if not persistent:
        return
    # The proxy gets through here to what it may read, and nobody lists it.
    files.make_directory(top, 0o751, uid=0, gid=gid)
    for one in persistent:
        with _parent(code, one["path"], gid) as (directory, name):
            _refuse_other_kind(directory, name, one)
            if not os.path.isdir(one["place"]):
                _seed(directory, name, one, uid, gid)
            elif os.lstat(one["place"]).st_uid != uid:
                _take_over(one["place"], uid, gid)
            removal.remove_at(directory, name)
            os.symlink(one["target"], name, dir_fd=directory)
            files.own_at(directory, name, 0, gid, 0)


def publish(target: str, reader: int) -> None:
    """Let another user read a directory, and all that is or will be in it, whatever the app's umask is."""
    with files.opened(target) as top:
        if _default(reader) == _attribute(top, "system.posix_acl_default"):
            return
        for found, _ in _below(top):
            _grant(found, reader)
        # Last, as by it the rest is known to be done.
        _grant(top, reader)


def _below(top: int) -> "Iterator[tuple[int, os.stat_result]]":
    """Open the directories and files that are below a directory, and have no name elsewhere.

    By such a name, one may be something else. The app is at work meanwhile: what it removes, or puts
    something else in the place of, is left out.
    """
    for directory, name, listed, _ in files.walk(top, most=_MOST):
        if not stat.S_ISDIR(listed.st_mode) and not stat.S_ISREG(listed.st_mode):
            continue
        try:
            found = os.open(name, paths.READ, dir_fd=directory)
        except OSError as error:
            if error.errno in _REPLACED:
                continue
            raise
        try:
            status = os.fstat(found)
            if stat.S_ISDIR(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
                yield found, status
        finally:
            os.close(found)


def _grant(found: int, reader: int) -> None:
    if stat.S_ISDIR(os.fstat(found).st_mode):
        os.setxattr(found, "system.posix_acl_access", _default(reader))
        os.setxattr(found, "system.posix_acl_default", _default(reader))
    else:
        os.setxattr(found, "system.posix_acl_access", _acl(6, 4, 4, reader))


def _default(reader: int) -> bytes:
    return _acl(7, 5, 7, reader)


def _acl(owner: int, others: int, mask: int, reader: int) -> bytes:
    """Write an access control list as the kernel has it (linux/posix_acl_xattr.h)."""
    entries = (
        (_OWNER, owner, _NOBODY),
        (_USER, others, reader),
        (_GROUP, others, _NOBODY),
        (_MASK, mask, _NOBODY),
        (_OTHER, 0, _NOBODY),
    )
    return struct.pack("<I", _ACL_VERSION) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def _attribute(found: int, name: str) -> "bytes | None":
    try:
        return os.getxattr(found, name)
    except OSError:
        return None


@contextmanager
def _parent(code: str, path: str, gid: int) -> Iterator["tuple[int, str]"]:
    """Open the directory that has a path's last component, with no link on the way, and name that."""
    *above, name = Path(path).parts
    with files.opened(code) as top:
        here = os.dup(top)
        try:
            for part in above:
                try:
                    os.mkdir(part, 0o750, dir_fd=here)
                    files.own_at(here, part, 0, gid, 0o750)
                except FileExistsError:
                    pass
                try:
                    below = os.open(part, paths.DIRECTORY, dir_fd=here)
                except OSError:
                    sys.exit(f"persistent: {path!r}: {part!r} in it is no directory of the release")
                os.close(here)
                here = below
            yield here, name
        finally:
            os.close(here)


def _refuse_other_kind(directory: int, name: str, one: "dict[str, Any]") -> None:
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISLNK(status.st_mode):
        sys.exit(f"persistent: {one['path']!r} is a link in the release; name what it leads to")
    if stat.S_ISDIR(status.st_mode) != one["is_directory"]:
        is_one = stat.S_ISDIR(status.st_mode)
        kind, right = ("directory", f"{one['path']}/") if is_one else ("file", one["path"].rstrip("/"))
        sys.exit(f"persistent: {one['path']!r} is a {kind} in the release; write {right!r}")


def _seed(directory: int, name: str, one: "dict[str, Any]", uid: int, gid: int) -> None:
    """Make the place, whole or not at all, with what the release has there."""
    new = f"{one['place']}.new"
    removal.remove(new)
    files.make_directory(new, 0o700, uid=0, gid=gid)
    try:
        with files.opened(new) as there:
            copier = copying.Copying(one["path"], uid, gid)
            if one["is_directory"]:
                copier.all_below(directory, name, there)
            else:
                copier.one(directory, name, there)
            os.fchown(there, uid, gid)
    except BaseException:
        removal.remove(new)
        raise
    os.rename(new, one["place"])


def _take_over(place: str, uid: int, gid: int) -> None:
    """Give what an app has left to its user of now, whoever's it is: a backup may have brought it back."""
    try:
        with files.opened(place) as top:
            for found, status in _below(top):
                os.fchown(found, uid, gid)
                os.fchmod(found, status.st_mode & 0o777)
            for directory, name, status, _ in files.walk(top, most=_MOST):
                if stat.S_ISLNK(status.st_mode):
                    with suppress(FileNotFoundError):
                        files.own_link_at(directory, name, uid, gid)
            os.fchown(top, uid, gid)
    except OSError as error:
        sys.exit(f"{place} cannot be given to the app again: {words.cited(str(error), 200)}")

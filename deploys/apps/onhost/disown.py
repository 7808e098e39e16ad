"""On the host: what somebody has where others have things, too, becomes root's before they are gone."""

import errno
import os
import stat
from contextlib import suppress

from deploys.onhost import files, paths

MOST = 20_000_000
"""Files and directories, as what users upload may be many."""
_LISTS = ("system.posix_acl_access", "system.posix_acl_default")
_GONE = {errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENXIO}
"""Why what was there cannot be opened any more: it is not there, or something else is."""


def disown(top: int, uid: int, gid: int) -> None:
    """Make root's what somebody has in a directory, and that itself; what is another's stays theirs.

    Where it lies too deep, or is too much, a directory of theirs is closed with all that is in it.

    Args:
        top: a descriptor of the directory.
        uid: whose it is now.
        gid: their group.

    Raises:
        OSError: it cannot be looked at whole, and the directory is another's.

    """
    try:
        for directory, name, status, _ in files.walk(top, most=MOST):
            if status.st_uid == uid or status.st_gid == gid:
                _hand_over(directory, name, status, uid, gid)
    except OSError:
        if os.fstat(top).st_uid != uid:
            raise
        os.fchmod(top, 0o700)
    _settle(top, uid, gid)


def _hand_over(directory: int, name: str, status: os.stat_result, uid: int, gid: int) -> None:
    is_directory = stat.S_ISDIR(status.st_mode)
    if not is_directory and not stat.S_ISREG(status.st_mode):
        with suppress(FileNotFoundError):
            files.own_link_at(directory, name, *_root_s(status, uid, gid))
        return
    try:
        found = os.open(name, paths.DIRECTORY if is_directory else paths.READ, dir_fd=directory)
    except OSError as error:
        if error.errno in _GONE:
            return
        raise
    try:
        _settle(found, uid, gid)
    finally:
        os.close(found)


def _settle(found: int, uid: int, gid: int) -> None:
    """Make root's what is open, without setuid bits, and lists of whom else it lets in."""
    status = os.fstat(found)
    owners = _root_s(status, uid, gid)
    if owners == (-1, -1):
        return
    os.fchown(found, *owners)
    if owners[0] != -1:
        for each in _LISTS:
            with suppress(OSError):  # which has none, mostly
                os.removexattr(found, each)
        os.fchmod(found, stat.S_IMODE(os.fstat(found).st_mode) & 0o1777)


def _root_s(status: os.stat_result, uid: int, gid: int) -> "tuple[int, int]":
    """Say who is to own it: root in their place, and -1 for whom it stays with."""
    return os.geteuid() if status.st_uid == uid else -1, os.getegid() if status.st_gid == gid else -1

"""On the host: what a build has made becomes root's, whatever it has put there."""

import os
import stat
import sys
from pathlib import Path

from deploys.onhost import files, words

_KINDS = {stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}


def seal(directory: Path, gid: int) -> None:
    """Make a tree root's, readable by the app and writable by nobody; nobody's process may be at work in it.

    What is no file, directory or link is refused, and so is a file that has another name elsewhere, by which
    it could still be written, and a tree of more than any release has.

    Args:
        directory: its top.
        gid: the app's group.

    """
    # Of each file that has several names, how many have yet to be found; and not where, of which a build
    # could make more than there is memory.
    missing: dict[tuple[int, int], int] = {}
    with files.opened(directory) as top:
        os.fchown(top, 0, gid)
        os.fchmod(top, 0o700)
        for parent, name, status, path in files.walk(top, str(directory)):
            if stat.S_IFMT(status.st_mode) not in _KINDS:
                _refuse(path, "is a pipe, a socket or a device: a release has files, directories and links")
            if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
                inode = (status.st_dev, status.st_ino)
                missing[inode] = missing.get(inode, status.st_nlink) - 1
                if not missing[inode]:
                    del missing[inode]
            mode = status.st_mode & 0o700
            files.own_at(parent, name, 0, gid, mode | (mode >> 3) & 0o050)
        for *_, status, path in files.walk(top, str(directory)) if missing else ():
            if (status.st_dev, status.st_ino) in missing:
                _refuse(path, "has another name outside of the release, by which it could be changed")
        os.fchmod(top, 0o750)


def _refuse(path: str, why: str) -> None:
    sys.exit(f"{words.cited(path, 200)} {why}")

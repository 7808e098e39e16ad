"""On the host: what a sealed release has, copied to where it is the app's."""

import os
import stat
import sys

from deploys.onhost import contents, files, paths

_MOST_AGAIN = 1 << 30
"""Bytes that are copied once more, of files that have several names: a release has each of them but once."""
_LEAST = 4096
"""Bytes that each name counts as, however little the file has."""


class Copying:
    """Copies what a release has to where it is the app's."""

    def __init__(self, path: str, uid: int, gid: int) -> None:
        """Begin with nothing.

        Args:
            path: what it is, as the settings have it.
            uid: the app's user.
            gid: its group.

        """
        self._path, self._uid, self._gid = path, uid, gid
        self._copied: set[tuple[int, int]] = set()
        self._left = _MOST_AGAIN

    def all_below(self, directory: int, name: str, there: int) -> None:
        """Copy all that a directory has, if it is there.

        Args:
            directory: a descriptor of the directory that has it.
            name: its name there.
            there: where all of it goes.

        """
        try:
            source = os.open(name, paths.DIRECTORY, dir_fd=directory)
        except FileNotFoundError:
            return
        try:
            for each in files.entries_at(source):
                self.one(source, each, there)
        finally:
            os.close(source)

    def one(self, directory: int, name: str, there: int) -> None:
        """Copy one thing; a link is copied as such, which is the app's business to follow."""
        try:
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return
        mode = status.st_mode
        if stat.S_ISDIR(mode):
            os.mkdir(name, 0o700, dir_fd=there)
            below = os.open(name, paths.DIRECTORY, dir_fd=there)
            try:
                self.all_below(directory, name, below)
                os.fchown(below, self._uid, self._gid)
            finally:
                os.close(below)
            return
        self._refuse_endless(status)
        if stat.S_ISLNK(mode):
            os.symlink(os.readlink(name, dir_fd=directory), name, dir_fd=there)
            files.own_at(there, name, self._uid, self._gid, 0)
        elif stat.S_ISREG(mode):
            with (
                open(os.open(name, paths.READ, dir_fd=directory), "rb") as source,
                open(os.open(name, paths.NEW, 0o600, dir_fd=there), "wb") as copy,
            ):
                contents.copy(source.fileno(), copy.fileno())
                os.fchmod(copy.fileno(), 0o600 | mode & 0o100)
                os.fchown(copy.fileno(), self._uid, self._gid)

    def _refuse_endless(self, status: os.stat_result) -> None:
        """See that no file is copied over and over, once for each of its names."""
        if status.st_nlink == 1:
            return
        inode = (status.st_dev, status.st_ino)
        if inode in self._copied:
            self._left -= max(512 * status.st_blocks, _LEAST)
        self._copied.add(inode)
        if self._left < 0:
            sys.exit(
                f"persistent: {self._path!r} has files of several names each, of which more than"
                f" {_MOST_AGAIN >> 30} GB would be copied again: have the build copy them, not link them"
            )

"""On the host: whether disks have room, asked before what is not to end halfway."""

import errno
import os
from pathlib import Path

_LEAST, _LEAST_FILES = 1 << 20, 100
"""Bytes, and files, for which there must be room."""


def need(*folders: "Path | str") -> None:
    """See that there is room for some small files.

    Args:
        folders: where they are to be; those that are still to be made count as the next one above.

    Raises:
        OSError: a disk is full.

    """
    for folder in folders:
        there = next(path for path in (Path(folder), *Path(folder).parents) if path.is_dir())
        disk = os.statvfs(there)
        # Some file systems, which say that there are none, make room for files as they go.
        lacks_files = disk.f_files and disk.f_ffree < _LEAST_FILES
        if disk.f_bfree * disk.f_frsize < _LEAST or lacks_files:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(there))

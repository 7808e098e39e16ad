"""On the host: the content of a file, copied from one descriptor to another."""

import errno
import os

_PIECE = 1 << 20


def copy(source: int, target: int) -> None:
    """Copy what is in a file into one that is empty, and leave its holes holes.

    A file can say that it is larger than any disk, and have nothing in it.
    """
    size, at = os.fstat(source).st_size, 0
    while at < size:
        try:
            at = os.lseek(source, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:  # by which Linux says that there is nothing more
                raise
            break
        end = os.lseek(source, at, os.SEEK_HOLE)
        while at < end and (piece := os.pread(source, min(_PIECE, end - at), at)):
            at += os.pwrite(target, piece, at)
    os.ftruncate(target, size)

"""File locks that leave no file behind, nor a folder that was made for them alone."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

log = logging.getLogger("gatehouse.lab")


@contextmanager
def held(path: Path, *, what: str) -> Iterator[None]:
    """Hold the lock; a holder that dies lets go of it, whatever killed it."""
    fd = _acquire(path, what)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty
            path.parent.rmdir()
        os.close(fd)


def _acquire(path: Path, what: str) -> int:
    while True:
        with suppress(
            FileNotFoundError
        ):  # the folder may be removed between the two calls by a holder that tidies up
            path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.info("waiting for %s", what)
                fcntl.flock(fd, fcntl.LOCK_EX)
            # The former holder unlinked the file before it let go: locking that one keeps nobody out.
            with suppress(FileNotFoundError):
                if os.fstat(fd).st_ino == path.stat().st_ino:
                    return fd
            os.close(fd)

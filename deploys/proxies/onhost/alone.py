"""On the host: one at a time, by a kernel lock that ends with the process that holds it (flock(2))."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL = 0.1


class Busy(Exception):
    """Another process holds the lock, and goes on holding it."""


@contextmanager
def alone(lock: Path, patience: float) -> Iterator[None]:
    """Hold the lock, after waiting for whoever holds it now.

    Args:
        lock: its file, which stays.
        patience: how many seconds to wait.

    Raises:
        Busy: another process still holds it.

    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    # Programs that are started meanwhile do not inherit it (PEP 446), so they cannot hold it for us.
    with lock.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy from None
                time.sleep(_POLL)
            else:
                break
        yield

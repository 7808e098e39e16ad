"""For tests of what could wait for ever."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """End what takes longer, as what would wait for ever does."""

    def end(number: int, frame: FrameType | None) -> None:
        raise AssertionError("it waits for ever")

    former = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)

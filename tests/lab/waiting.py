"""Waiting for a condition, never for a length of time."""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.lab.errors import LabError

INTERVAL = 0.05
BUSY = 6
"""How many times as long as elsewhere things may take on a machine that has other work."""

T = TypeVar("T")


def until(condition: Callable[[], T], *, within: float, otherwise: str | Callable[[], str]) -> T:
    """The first true value of the condition; the deadline is there for what never comes true.

    Args:
        condition: what is waited for.
        within: seconds that it may take on a machine with nothing else to do.
        otherwise: what to say if it has not come true.

    """
    deadline = time.monotonic() + BUSY * within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise LabError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(INTERVAL)
    return value

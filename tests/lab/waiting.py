"""Waiting for a condition, never for a length of time."""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.lab.errors import LabError

INTERVAL = 0.05

T = TypeVar("T")


def until(condition: Callable[[], T], *, within: float, otherwise: str | Callable[[], str]) -> T:
    """The first true value of the condition; the deadline is there for what never comes true."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise LabError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(INTERVAL)
    return value

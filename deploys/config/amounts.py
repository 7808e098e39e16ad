"""How long, how much, how often, as numbers; what configures a program writes them in its words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

TIMES = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
"""Milliseconds."""

SIZES = {"g": 1 << 30, "m": 1 << 20, "k": 1 << 10, "": 1}
"""Bytes."""


@dataclass(frozen=True)
class Duration:
    """A time span."""

    milliseconds: int


@dataclass(frozen=True)
class Size:
    """An amount of data."""

    bytes: int


@dataclass(frozen=True)
class Rate:
    """Requests within a time."""

    requests: int
    seconds: int


def in_the_largest(amount: int, units: Mapping[str, int]) -> tuple[int, str]:
    """Write an amount as a whole number of the largest unit in which it is one.

    Args:
        amount: how many of the smallest unit.
        units: what each is worth, the largest first; the last is worth 1.

    """
    return next((amount // worth, unit) for unit, worth in units.items() if amount % worth == 0)

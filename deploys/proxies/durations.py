"""Times in the words of Go, in which some proxies are written. Pure."""

from deploys.config.amounts import TIMES, Duration, in_the_largest

_UNITS = {unit: worth for unit, worth in TIMES.items() if unit != "d"}
"""There are no days."""
_LONGEST = (2**63 - 1) // 10**6
"""Milliseconds: it counts nanoseconds, some 292 years of them (pkg.go.dev/time, Duration)."""


def duration(amount: Duration) -> str:
    """Write a time; one that is longer than can be written is as good as the longest."""
    number, unit = in_the_largest(min(amount.milliseconds, _LONGEST), _UNITS)
    return f"{number}{unit}"

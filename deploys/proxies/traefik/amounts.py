"""Amounts in Traefik's words. Pure."""

from deploys.config.amounts import TIMES, Duration, in_the_largest

_GOS = {unit: worth for unit, worth in TIMES.items() if unit != "d"}
"""The units of Go's durations; they have no days."""


def duration(amount: Duration) -> str:
    """Write a time."""
    number, unit = in_the_largest(amount.milliseconds, _GOS)
    return f"{number}{unit}"

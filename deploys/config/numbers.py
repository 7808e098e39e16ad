"""Numbers within bounds."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pydantic import BeforeValidator

from deploys.config import spans
from deploys.config.amounts import TIMES
from deploys.config.kinds import WrongError
from deploys.config.measures import UNIT_OF_TIME

_WRITTEN = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-z%]*)\s*", re.IGNORECASE)
_LARGEST = 1e15
_SPELT = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORTH = {unit: worth // 1000 for unit, worth in TIMES.items() if unit != "ms"}
_WORTH |= {"w": 7 * _WORTH["d"], "y": 365 * _WORTH["d"]}
_SECONDS = {word: _WORTH[unit] for word, unit in UNIT_OF_TIME.items() if unit in _WORTH}


def whole(least: int, most: int | None = None) -> BeforeValidator:
    """Make a kind of whole number."""
    return _number("a whole number", least, most, whole=True)


def seconds(least: int, most: int | None = None) -> BeforeValidator:
    """Make a kind of whole number of seconds."""
    return _number("a whole number of seconds", least, most, whole=True, units=_SECONDS)


def decimal(least: float, most: float) -> BeforeValidator:
    """Make a kind of number that need not be whole."""
    return _number("a number", least, most, whole=False, units={"%": 0.01, "m": 0.001})


def _number(
    what: str,
    least: float,
    most: float | None,
    *,
    whole: bool,
    units: Mapping[str, float] | None = None,
) -> BeforeValidator:
    bounds = f"from {least} to {most}" if most is not None else f"that is {least} or more"
    kinds = (int,) if whole else (int, float)

    def fits(value: float) -> bool:
        return least <= value and (most is None or value <= most)

    def validate(value: Any) -> Any:
        if type(value) in kinds and fits(value):
            return value
        guess = _guess(value, units or {})
        if guess is not None and guess == int(guess):
            guess = int(guess)
        elif whole:
            guess = None
        raise WrongError(f"write {what} {bounds}", guess if guess is not None and fits(guess) else None)

    return BeforeValidator(validate)


def _guess(value: Any, units: Mapping[str, float]) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds() if units else None
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() and abs(value) < _LARGEST else None
    match = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if value in _SPELT:
        return _SPELT.index(value)
    if units is _SECONDS and isinstance(value, str) and not match:
        span = spans.milliseconds(value)
        return None if span is None else float(span / 1000)
    if match:
        worth = units.get(match[2].lower()) if match[2] else 1
        return worth and float(match[1]) * worth
    return value if isinstance(value, float) and abs(value) < _LARGEST else None

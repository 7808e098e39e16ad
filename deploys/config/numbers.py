"""Numbers within bounds."""

import re
from typing import Any

from pydantic import BeforeValidator

from deploys.config.kinds import WrongError

_WRITTEN = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]*)\s*", re.IGNORECASE)
_SPELT = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def whole(least: int, most: int | None = None) -> BeforeValidator:
    """Make a kind of whole number."""
    return _number("a whole number", least, most, whole=True)


def seconds(least: int, most: int | None = None) -> BeforeValidator:
    """Make a kind of whole number of seconds."""
    return _number("a whole number of seconds", least, most, whole=True, units=_SECONDS)


def decimal(least: float, most: float) -> BeforeValidator:
    """Make a kind of number that need not be whole."""
    return _number("a number", least, most, whole=False)


def _number(
    what: str,
    least: float,
    most: float | None,
    *,
    whole: bool,
    units: dict[str, int] | None = None,
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
        near = f"did you mean {guess!r}?" if guess is not None and fits(guess) else None
        raise WrongError(f"write {what} {bounds}", near)

    return BeforeValidator(validate)


def _guess(value: Any, units: dict[str, int]) -> float | None:
    match = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if value in _SPELT:
        return _SPELT.index(value)
    if match:
        return float(match[1]) * units.get(match[2][:1].lower(), 1)
    return value if isinstance(value, float) and abs(value) < 1e15 else None

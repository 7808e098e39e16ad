"""Amounts as they are written, a number and its unit, and what they are then."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator

from deploys.config import amounts, kinds, spans
from deploys.config.amounts import SIZES, TIMES
from deploys.config.spans import UNITS

_AMOUNT = re.compile(r"\s*(\d{1,12}(?:[.,]\d{1,3})?)\s*([a-z]*)\s*", re.IGNORECASE)
_RATE = re.compile(r"\s*(\d{1,6})\s*(?:r|req|requests?)?\s*(?:/|p|per|a)?\s*([a-z]*)\s*", re.IGNORECASE)

_LEAST_MEMORY = 16 * SIZES["m"]
_SECONDS = {"s": 1, "m": 60}

UNIT_OF_TIME = {"": "s", **UNITS}
_UNIT_OF_SIZE = {
    **dict.fromkeys(("b", "byte", "bytes"), ""),
    **{word: letter for letter in "kmg" for word in (letter, f"{letter}b", f"{letter}i", f"{letter}ib")},
}


def _measure(
    pattern: str, make: Callable[[int, str], object], what: str, nearest: kinds.Nearest
) -> BeforeValidator:
    """Make a kind of amount from the pattern of its number and its unit."""

    def check(value: str) -> object:
        match = re.fullmatch(pattern, value, re.ASCII)
        if match is None:
            raise ValueError(what)
        return make(int(match[1]), match[2])

    return kinds.text(check, what, nearest)


def _duration(number: int, unit: str) -> amounts.Duration:
    return amounts.Duration(number * TIMES[unit])


def _size(number: int, unit: str) -> amounts.Size:
    return amounts.Size(number * SIZES[unit])


def _memory(number: int, unit: str) -> amounts.Size:
    size = _size(number, unit)
    if size.bytes < _LEAST_MEMORY:
        raise ValueError('write at least "16m", which is little for a Python app')
    return size


def _rate(number: int, unit: str) -> amounts.Rate:
    return amounts.Rate(number, _SECONDS[unit])


def _nearest(names: Mapping[str, str], units: Mapping[str, int], *, bare: str) -> kinds.Nearest:
    """Guess an amount; a bare number is in the unit in which such a number is thought of."""

    def nearest(value: str) -> str | None:
        match = _AMOUNT.fullmatch(value)
        if match is None:
            return None
        number, name = Fraction(match[1].replace(",", ".")), match[2].lower()
        unit = names.get(name, bare) if name in names or not name else None
        if unit is None or unit not in units:
            return None
        if not name and number >= 1024 and "k" in units:
            unit = ""  # so large a number is one of bytes
        is_fine = name and unit and number.denominator == 1
        return f"{number}{unit}" if is_fine else _whole(number * units[unit], units)

    return nearest


def _whole(amount: Fraction, units: Mapping[str, int]) -> str | None:
    """Write an amount in the largest unit in which it is whole, if there is one."""
    for unit, worth in units.items():
        if amount and amount % worth == 0:
            return f"{amount // worth}{unit}"
    return None


def _nearest_rate(value: str) -> str | None:
    match = _RATE.fullmatch(value)
    unit = UNIT_OF_TIME.get(match[2].lower()) if match else None
    return f"{match[1]}/{unit}" if match and unit in _SECONDS else None


def _nearest_time(units: str) -> kinds.Nearest:
    """Guess a time span in some of the units."""
    worth = {unit: TIMES[unit] for unit in units.split()}
    amount = _nearest(UNIT_OF_TIME, worth, bare="h" if "s" not in worth else "s")

    def nearest(value: str) -> str | None:
        span = spans.milliseconds(value)
        return amount(value) or (_whole(span, worth) if span is not None else None)

    return nearest


nearest_span = _nearest_time("d h m")
"""Guesses a time of minutes, hours or days."""

_TIME = 'write a number and a unit, like "30s", "5m" or "1h"'

Duration = Annotated[
    amounts.Duration,
    _measure(r"([1-9]\d{0,5})(ms|s|m|h|d)", _duration, _TIME, _nearest_time("d h m s ms")),
]
Seconds = Annotated[
    amounts.Duration,
    _measure(
        r"([1-9]\d{0,5})([smhd])",
        _duration,
        _TIME,
        _nearest_time("d h m s"),
    ),
]
"""A duration of whole seconds."""

Size = Annotated[
    amounts.Size,
    _measure(
        r"([1-9]\d{0,8})([kmg]?)",
        _size,
        'write a number of bytes, or of "k", "m" or "g", like "10m"',
        _nearest(_UNIT_OF_SIZE, SIZES, bare="m"),
    ),
]
HeaderSize = Annotated[
    amounts.Size,
    _measure(
        r"([4-9]|[1-9]\d{1,2})(k)",
        _size,
        'write kilobytes from "4k" to "999k"',
        _nearest(_UNIT_OF_SIZE, {"k": SIZES["k"], "": SIZES[""]}, bare="k"),
    ),
]
MemorySize = Annotated[
    amounts.Size,
    _measure(
        r"([1-9]\d{0,8})([kmg]?)",
        _memory,
        'write a number and a unit, "m" or "g", like "512m"',
        _nearest(_UNIT_OF_SIZE, SIZES, bare="m"),
    ),
]
Rate = Annotated[
    amounts.Rate,
    _measure(
        r"([1-9]\d{0,5})/([sm])",
        _rate,
        'write requests per second or minute, like "10/s" or "30/m"',
        _nearest_rate,
    ),
]

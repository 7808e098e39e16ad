"""Amounts with their units: times, sizes and rates, as nginx and systemd both read them."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from deploys.config import kinds

_AMOUNT = re.compile(r"\s*(\d{1,12}(?:[.,]\d{1,3})?)\s*([a-z]*)\s*", re.IGNORECASE)
_RATE = re.compile(r"\s*(\d{1,6})\s*(?:r|req|requests?)?\s*(?:/|p|per|a)?\s*([a-z]*)\s*", re.IGNORECASE)

_TIMES = {
    "d": Fraction(86_400), "h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000),
}  # fmt: skip
_SIZES = {"g": Fraction(1 << 30), "m": Fraction(1 << 20), "k": Fraction(1 << 10), "": Fraction(1)}
_LEAST_MEMORY = 16 * _SIZES["m"]

_UNIT_OF_TIME = {
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("ms", "msec", "millis", "milliseconds"), "ms"),
}
_UNIT_OF_SIZE = {
    **dict.fromkeys(("b", "byte", "bytes"), ""),
    **{word: letter for letter in "kmg" for word in (letter, f"{letter}b", f"{letter}ib")},
}


def _amount(pattern: str, what: str, nearest: kinds.Nearest) -> Any:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(what)
        return value

    return kinds.text(check, what, nearest)


def _whole(amount: Fraction, units: Mapping[str, Fraction]) -> str | None:
    """Write an amount as a whole number of the largest unit in which it is one."""
    for unit, worth in units.items():
        if amount and amount % worth == 0:
            return f"{amount // worth}{unit}"
    return None


def _nearest(names: Mapping[str, str], units: Mapping[str, Fraction], *, bare: str) -> kinds.Nearest:
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


def _nearest_rate(value: str) -> str | None:
    match = _RATE.fullmatch(value)
    unit = _UNIT_OF_TIME.get(match[2].lower()) if match else None
    return f"{match[1]}/{unit}" if match and unit in {"s", "m"} else None


nearest_span = _nearest(_UNIT_OF_TIME, {unit: _TIMES[unit] for unit in "dhm"}, bare="h")
"""Guesses a time of minutes, hours or days."""

_TIME = 'write a number and a unit, like "30s", "5m" or "1h"'

Duration = Annotated[
    str, _amount(r"[1-9]\d{0,5}(?:ms|s|m|h|d)", _TIME, _nearest(_UNIT_OF_TIME, _TIMES, bare="s"))
]
Seconds = Annotated[
    str,
    _amount(
        r"[1-9]\d{0,5}[smhd]",
        _TIME,
        _nearest(_UNIT_OF_TIME, {unit: worth for unit, worth in _TIMES.items() if unit != "ms"}, bare="s"),
    ),
]
"""A duration of whole seconds."""

Size = Annotated[
    str,
    _amount(
        r"[1-9]\d{0,8}[kmg]?",
        'write a number of bytes, or of "k", "m" or "g", like "10m"',
        _nearest(_UNIT_OF_SIZE, _SIZES, bare="m"),
    ),
]
HeaderSize = Annotated[
    str,
    _amount(
        r"(?:[4-9]|[1-9]\d{1,2})k",
        'write kilobytes from "4k" to "999k"',
        _nearest(_UNIT_OF_SIZE, {"k": _SIZES["k"], "": _SIZES[""]}, bare="k"),
    ),
]
Rate = Annotated[
    str,
    _amount(
        r"[1-9]\d{0,5}/[sm]", 'write requests per second or minute, like "10/s" or "30/m"', _nearest_rate
    ),
]


def _memory_size(value: str) -> str:
    match = re.fullmatch(r"([1-9]\d{0,8})([kmg]?)", value, re.ASCII)
    if not match:
        raise ValueError(_MEMORY)
    if int(match[1]) * _SIZES[match[2]] < _LEAST_MEMORY:
        raise ValueError('write at least "16m", which is little for a Python app')
    return value


_MEMORY = 'write a number and a unit, "m" or "g", like "512m"'

MemorySize = Annotated[str, kinds.text(_memory_size, _MEMORY, _nearest(_UNIT_OF_SIZE, _SIZES, bare="m"))]

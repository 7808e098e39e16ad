"""Time spans as others write them: in ISO 8601, as a clock does, in several units. Pure."""

import re
from fractions import Fraction

from deploys.config.amounts import TIMES

UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
    **dict.fromkeys(("y", "year", "years"), "y"),
    **dict.fromkeys(("ms", "msec", "millis", "milliseconds"), "ms"),
}
"""What people call the units; a month is none."""
_WORTH = {**TIMES, "w": 7 * TIMES["d"], "y": 365 * TIMES["d"]}
_PIECE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)[\s,]*", re.IGNORECASE | re.ASCII)
_PIECES = re.compile(rf"(?:{_PIECE.pattern})+", re.IGNORECASE | re.ASCII)
_ISO = re.compile(r"p(?=.)(?:\d+[ywd])*(?:t(?:\d+(?:\.\d+)?[hms])+)?", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)", re.ASCII)


def milliseconds(written: str) -> Fraction | None:
    """Read a time span; None for what is none, or says months, of which no two are the same."""
    text = written.strip()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = map(int, clock.groups())
        return Fraction(((hours * 60 + minutes) * 60 + seconds) * 1000)
    if _ISO.fullmatch(text):
        text = text[1:].replace("t", "").replace("T", "")
    if not _PIECES.fullmatch(text):
        return None
    found = _PIECE.findall(text)
    units = [UNITS.get(unit.lower()) for _, unit in found]
    if None in units:
        return None
    spans = (Fraction(number) * _WORTH[str(unit)] for (number, _), unit in zip(found, units, strict=True))
    return sum(spans, Fraction())

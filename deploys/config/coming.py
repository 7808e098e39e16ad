"""Whether a calendar event of systemd.time(7) ever comes: systemd takes those that do not, too. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_YEAR = 2026
"""What was before nobody means: no clock is asked, so that what was taken once is not refused one day."""
_CYCLE = range(FIRST_YEAR, FIRST_YEAR + 28)
"""Years in which each day of a year has been each day of the week."""
_LAST = {"year": 2199, "month": 12, "day": 31}


def comes(weekdays: str | None, parts: Mapping[str, str | None]) -> bool:
    """Say whether there is a day that is all of what a well-formed event says.

    Args:
        weekdays: its days of the week, if it has any.
        parts: its `year`, `month`, `day`, and `from`, which is `~` where days count from a month's end.

    """
    wanted = _weekdays(weekdays) if weekdays else {*range(7)}
    years = [*map(_full, _numbers(parts["year"], "year"))] if parts.get("year") not in {None, "*"} else _CYCLE
    return any(
        day.weekday() in wanted
        for year in years
        if year >= FIRST_YEAR
        for month in _numbers(parts["month"], "month")
        for day in _days(year, month, parts)
    )


def _days(year: int, month: int, parts: Mapping[str, str | None]) -> Iterable[date]:
    last = monthrange(year, month)[1]
    for number in _numbers(parts["day"], "day"):
        day = last + 1 - number if parts["from"] == "~" else number
        if 1 <= day <= last:
            yield date(year, month, day)


def _full(year: int) -> int:
    """Give the year that one of two digits stands for."""
    return year + (2000 if year < 70 else 1900) if year < 100 else year


def _numbers(text: str | None, name: str) -> Iterable[int]:
    least = 0 if name == "year" else 1
    if text in {None, "*"}:
        return range(least, _LAST[name] + 1)
    return [number for part in str(text).split(",") for number in _of_part(part, _LAST[name])]


def _of_part(part: str, most: int) -> Iterable[int]:
    span, _, step = part.partition("/")
    first, _, last = span.partition("..")
    end = int(last or (most if step else first))
    return range(int(first), end + 1, int(step or 1))


def _weekdays(text: str) -> set[int]:
    found: set[int] = set()
    for part in text.lower().split(","):
        first, *last = (_DAYS.index(name[:3]) for name in re.split(r"\.\.|-", part))
        found |= {*range(first, (last[0] if last else first) + 1)}
    return found

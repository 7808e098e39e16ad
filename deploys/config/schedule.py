"""Calendar events as systemd.time(7) writes them, so that a wrong one is told before anything is touched."""

import re
from typing import Annotated, NamedTuple
from zoneinfo import available_timezones

from deploys.config.coming import FIRST_YEAR, comes
from deploys.config.cron import calendar_event, why_none
from deploys.config.kinds import text

_KEYWORDS = {
    "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "annually",
}  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_WEEKDAYS = re.compile(rf"{_DAY}(?:(?:\.\.|-){_DAY})?(?:,{_DAY}(?:(?:\.\.|-){_DAY})?)*", re.IGNORECASE)
_DATE = re.compile(r"(?:(?P<year>[^-~]+)-)?(?P<month>[^-~]+)(?P<from>[-~])(?P<day>[^-~]+)")
_TIME = re.compile(r"(?P<hour>[^:]+):(?P<minute>[^:]+)(?::(?P<second>[^:]+))?")
_PART = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)(?:\.\.(\d{1,4}(?:\.\d{1,6})?))?(?:/(\d{1,4}(?:\.\d{1,6})?))?")
_BOUNDS = {
    "year": (0, 2199),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59.999999),
}
_BEFORE_THE_END = (1, 28)
"""Days of a month that are counted from its end."""


_WRITE_EVENT = (
    'write when, as systemd.time(7) has it: "hourly", "Mon..Fri 06:30", or "*:0/5" for every five minutes'
)


def _schedule(value: str) -> str:
    event = _parsed(value)
    if event is None:
        raise ValueError(why_none(value) or _WRITE_EVENT)
    if event.date and not comes(event.weekdays, event.date):
        raise ValueError(f"no day from {FIRST_YEAR} on is all of that, so it never comes: {_OTHER_DAY}")
    return value


_OTHER_DAY = 'write another, like "*-*-28 03:00", or "*-*~01 03:00" for the last day of each month'


class _Event(NamedTuple):
    """What a calendar event says of the day."""

    weekdays: str | None = None
    date: dict[str, str | None] | None = None


def _parsed(text: str) -> _Event | None:
    """Read a calendar event; None for what is none."""
    if not text.isascii() or text != " ".join(text.split()):
        return None
    words = text.split(" ")
    if len(words) > 1 and _is_zone(words[-1]):
        words.pop()
    if len(words) == 1 and words[0].lower() in _KEYWORDS:
        return _Event()
    found: dict[re.Pattern[str], re.Match[str]] = {}
    for pattern in (_WEEKDAYS, _DATE, _TIME):
        match = pattern.fullmatch(words[0]) if words else None
        if match and _goes_forward(words[0]) and _is_within_bounds(match.groupdict()):
            words.pop(0)
            found[pattern] = match
    if words or not found:
        return None
    weekdays, day = found.get(_WEEKDAYS), found.get(_DATE)
    return _Event(weekdays and weekdays[0], day and day.groupdict())


def _is_zone(word: str) -> bool:
    known = available_timezones()  # none where the controller has no tzdata
    return word.upper() == "UTC" or (word in known if known else "/" in word)


def _goes_forward(weekdays: str) -> bool:
    ranges = [re.split(r"\.\.|-", part.lower()) for part in weekdays.split(",")]
    return all(
        _DAYS.index(first[:3]) <= _DAYS.index(last[:3])
        for first, *rest in ranges
        for last in rest
        if first[:3] in _DAYS and last[:3] in _DAYS
    )


def _is_within_bounds(components: dict[str, str | None]) -> bool:
    bounds = {**_BOUNDS, "day": _BEFORE_THE_END} if components.get("from") == "~" else _BOUNDS
    return all(
        text in {None, "*"} or all(_is_part(part, name, *bounds[name]) for part in str(text).split(","))
        for name, text in components.items()
        if name in bounds
    )


def _is_part(text: str, name: str, least: float, most: float) -> bool:
    match = _PART.fullmatch(text)
    if match is None:
        return False
    first, last, step = match.groups()
    if any("." in number for number in match.groups("")) and (last or name != "second"):
        return False
    start, end = float(first), float(last or first)
    return least <= start <= end <= most and (step is None or 0 < float(step) <= most)


Schedule = Annotated[str, text(_schedule, _WRITE_EVENT, calendar_event)]
"""A calendar event of systemd.time(7)."""

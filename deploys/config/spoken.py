"""From what people say of times, and from ISO 8601, to calendar events of systemd.time(7). Pure."""

import re

_EVERY = re.compile(r"(?:every\s+)?(\d*)\s*(m|h|d)(?:in(?:ute)?s?|(?:ou)?rs?|ays?)?", re.IGNORECASE)
_ISO = re.compile(r"p(?:t(?=\d+[hm])|(?=\d+d))(\d+)([hmd])", re.IGNORECASE)
_DAY = r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun"
_CLOCK = re.compile(
    rf"(?:(?:every|each)\s+)?(?:(?P<always>day|daily|nightly)|(?P<work>weekdays?)|(?P<free>weekends?)"
    rf"|(?P<day>{_DAY})(?:day)?s?)?(?:\s*,)?\s*(?:at\s+)?"
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap]m)?)?",
)


def calendar_event_of(words: str) -> str | None:
    """Give the calendar event for words like `every 5 minutes` or `monday at 9am`; None for others."""
    words = " ".join(words.lower().removeprefix("oncalendar=").removeprefix("@").split())
    span = _EVERY.fullmatch(words) or _ISO.fullmatch(words)
    return _span(int(span[1] or 1), span[2].lower()) if span else _time(words)


def _span(count: int, unit: str) -> str | None:
    if count == 1:
        return {"m": "minutely", "h": "hourly", "d": "daily"}[unit]
    if unit == "m" and count and 60 % count == 0:
        return "hourly" if count == 60 else f"*:0/{count}"
    if unit == "h" and count and 24 % count == 0:
        return "daily" if count == 24 else f"0/{count}:00"
    return None


def _time(words: str) -> str | None:
    said = _CLOCK.fullmatch(words)
    if said is None or not words:
        return None
    days = "Mon..Fri" if said["work"] else "Sat,Sun" if said["free"] else (said["day"] or "")[:3].title()
    if said["hour"] is None:
        return days or ("daily" if said["always"] else None)
    if not (said["minute"] or said["half"]):
        return None  # a mere number may be an hour, a day or a minute
    hour = int(said["hour"])
    if hour > (12 if said["half"] else 23):
        return None
    hour = hour % 12 + 12 * (said["half"] == "pm") if said["half"] else hour
    return f"{days} {hour:02}:{said['minute'] or '00'}".strip()

"""From the lines of a crontab to calendar events of systemd.time(7)."""

import re

from deploys.config.spoken import calendar_event_of

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NICKNAMES = {"@midnight": "daily"} | {
    f"@{word}": word for word in ("hourly", "daily", "weekly", "monthly", "yearly", "annually")
}
_PART = re.compile(r"(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/([0-9]+))?")


def calendar_event(value: str) -> str | None:
    """Give the calendar event for a line of cron's, or for words like `every 5 minutes`; None for others."""
    words = value.lower().split()
    if len(words) == 1 and words[0] in _NICKNAMES:
        return _NICKNAMES[words[0]]
    return (_of_cron(*words) if len(words) == 5 else None) or calendar_event_of(value)


def why_none(value: str) -> str | None:
    """Say why a line of cron's has no calendar event of the same meaning; None where it has, or is none."""
    words = value.lower().split()
    if words == ["@reboot"]:
        return 'no job runs at a start: write a command that always runs under "processes", or into "hooks"'
    if len(words) == 5 and "*" not in (words[2], words[4]):
        minute, hour, day, month, weekday = words
        by_date, by_weekday = (
            _of_cron(minute, hour, day, month, "*"),
            _of_cron(minute, hour, "*", month, weekday),
        )
        if by_date and by_weekday:
            return f"cron runs it on either of the days: write two jobs, {by_date!r} and {by_weekday!r}"
    return None


def _of_cron(minute: str, hour: str, day: str, month: str, weekday: str) -> str | None:
    days, months, dates = _weekdays(weekday), _field(month, 1, _MONTHS, offset=1), _field(day, 1)
    hours, minutes = _field(hour, 0), _field(minute, 0)
    # cron runs on either where both are said, which is not one event of systemd's.
    if None in (days, months, dates, hours, minutes) or (weekday != "*" and day != "*"):
        return None
    date = "" if months == dates == "*" else f"*-{months}-{dates}"
    return " ".join(filter(None, (days, date, f"{hours}:{minutes}")))


def _field(text: str, least: int, names: tuple[str, ...] = (), *, offset: int = 0) -> str | None:
    parts = [_part(part, least, names, offset) for part in text.split(",")]
    return None if None in parts else ",".join(map(str, parts))


def _part(text: str, least: int, names: tuple[str, ...], offset: int) -> str | None:
    match = _PART.fullmatch(text)
    if match is None:
        return None
    first, last = (_number(word, names, offset) for word in match.groups()[:2])
    step = match[3]
    if first == "*":
        return f"{least}/{step}" if step not in (None, "1") else "*"
    return f"{first}{f'..{last}' if last else ''}{f'/{step}' if step else ''}"


def _number(word: str | None, names: tuple[str, ...], offset: int) -> str | None:
    if word in names:
        return f"{names.index(word) + offset:02d}"
    return word if word in (None, "*") else f"{int(word):02d}" if str(word).isdecimal() else word


def _weekdays(text: str) -> str | None:
    if text in ("*", "?"):
        return ""
    found = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        days = [_weekday(first), *([_weekday(last)] if last else [])]
        if None in days:
            return None
        found.append("..".join(map(str, days)))
    return ",".join(found)


def _weekday(word: str) -> str | None:
    if word.isdecimal() and int(word) < len(_DAYS):
        return _DAYS[int(word)].title()
    return word[:3].title() if word.isalpha() and word[:3] in _DAYS else None

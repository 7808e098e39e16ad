"""Schedules are what systemd takes, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from deploys.config.cron import calendar_event
from deploys.config.schedule import Schedule
from tests.lab import Lab

EVENTS = [
    "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "annually",
    "Hourly UTC", "daily Europe/Berlin", "Mon", "Mon..Fri 06:30", "Mon-Fri 6:30:15", "Sat,Sun 12:00",
    "Mon,Wed..Fri *-*-1..7 18:00", "*:0/5", "*:*", "06:30 Europe/Berlin", "*-*-1/7", "*-*~3", "1-1",
    "2036-12-31 23:59:59 UTC", "0..23/2:0", "05:40:23.42/3.5", "*-*-1,15 4:00", "wednesday *-*-* 07:15",
]  # fmt: skip
NONE = [
    "", " ", "foo", "every day", "25:00", "*/5 * * * *", "1h", "2026-13-45", "~", "12:00 Mars/Phobos", "*",
    "00:00:60", "2026-1-31..33", "Fri..Mon", "6:00 Mon", "*:0/0", "daily daily", "Mon  6:00", "6:00\n",
    "*-*~31", "*:*:*/2", "5..1:00",
]  # fmt: skip
NEVER = [
    "*-02-31", "*-02-30,31 03:00", "6-31", "2,4,6-31", "2027-02-29", "2030..2031-02-29", "2036/40-02-30",
    "Mon 2027-01-01", "Sat,Sun 2036-02-29", "2020-01-01", "2000..2025-*-*", "99-01-01", "25-01-01",
]  # fmt: skip
"""What systemd takes, and what comes on no day."""
RARE = [
    "*-02-29", "Mon *-02-29", "*-02..03-30", "*-*-31", "Fri 2027-01-01", "Mon *-05~07/1", "*-02~28",
    "36-01-01", "2000..2199/4-02-29", "Mon..Fri *-*~01", "2025..2027-01-01", "0/5-01-01",
]  # fmt: skip

PARTS = ["*", "0", "6", "07", "23", "31", "59", "60", "1..5", "0/5", "1,3", "1..5/2", "1.5", "x"]
DAYS = ["", "Mon", "Mon..Fri", "Fri..Mon", "Mon-Fri", "Mon,Wed", "Tues"]


def shaped(*shapes: str) -> st.SearchStrategy[str]:
    """Make texts of one of the shapes, with any part for each of their gaps."""
    parts = st.lists(st.sampled_from(PARTS), min_size=3, max_size=3)
    return st.builds(lambda shape, some: shape.format(*some), st.sampled_from(shapes), parts)


event = st.tuples(
    st.sampled_from(DAYS),
    shaped("", "{}-{}", "{}-{}-{}", "{}~{}", "{}-{}~{}"),
    shaped("", "{}:{}", "{}:{}:{}"),
    st.sampled_from(["", "UTC", "Nowhere"]),
).map(lambda words: " ".join(filter(None, words)))


CRON = {
    "*/5 * * * *": "*:0/5",
    "* * * * *": "*:*",
    "0 * * * *": "*:00",
    "0 3 * * *": "03:00",
    "15,45 6-20/2 * * *": "06..20/2:15,45",
    "30 6 * * 1-5": "Mon..Fri 06:30",
    "30 6 * * MON,Wed": "Mon,Wed 06:30",
    "0 0 1 * *": "*-*-01 00:00",
    "0 0 1 jan,7 *": "*-01,07-01 00:00",
    "0 4 */2 * *": "*-*-1/2 04:00",
    "0 4 * * 0": "Sun 04:00",
    "0 4 * * 7": "Sun 04:00",
    "@daily": "daily",
    "@midnight": "daily",
    "every 5 minutes": "*:0/5",
    "15m": "*:0/15",
    "every hour": "hourly",
    "6h": "0/6:00",
    "daily at 03:00": "03:00",
    "every day, 3:05 PM": "15:05",
    "12am": "00:00",
    "12:30 pm": "12:30",
    "Mondays": "Mon",
    "each tuesday at 7:15": "Tue 07:15",
    "weekdays at 9am": "Mon..Fri 09:00",
    "weekend": "Sat,Sun",
    "nightly": "daily",
    "@every 2h": "0/2:00",
    "PT15M": "*:0/15",
    "P1D": "daily",
    "OnCalendar=weekends 10:00": "Sat,Sun 10:00",
}
"""Lines of crontab(5), and words, and the events that come at the same times."""
NO_EVENT = [
    "0 3 1 * mon", "@reboot", "every 7 minutes", "61 * * * *", "0 3 * * 5-1", "0 3 * * fri#2", "a b c d e",
    "0m", "p1m", "7", "monday at 9", "25:00 pm", "noon on monday",
]  # fmt: skip
"""What is of cron's kind, and no one event."""


@pytest.mark.parametrize("line", CRON)
def test_a_line_of_crons_is_translated(line: str) -> None:
    assert not is_taken(line)
    assert calendar_event(line) == CRON[line]
    assert is_taken(CRON[line])


@pytest.mark.parametrize("line", NO_EVENT)
def test_what_is_no_one_event_is_not_offered_as_one(line: str) -> None:
    event = calendar_event(line)
    assert event is None or not is_taken(event)


def is_taken(text: str) -> bool:
    try:
        TypeAdapter(Schedule).validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("text", EVENTS)
def test_what_systemd_takes_is_taken(text: str) -> None:
    assert is_taken(text)


@pytest.mark.parametrize("text", NONE)
def test_what_it_refuses_is_refused(text: str) -> None:
    assert not is_taken(text)


@pytest.mark.parametrize("text", NEVER)
def test_what_never_comes_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="never comes"):
        TypeAdapter(Schedule).validate_python(text)


@pytest.mark.parametrize("text", RARE)
def test_what_comes_once_in_a_while_is_taken(text: str) -> None:
    assert is_taken(text)


@pytest.mark.lab
@pytest.mark.slow
def test_systemd_is_of_the_same_mind(lab: Lab) -> None:
    """One command asks it for all."""
    asked = {text for text in EVENTS if "/Berlin" not in text}  # Debian's smallest has no zones
    asked |= set(CRON.values())
    asked |= {text for text in (*NONE, *NEVER, *RARE) if text == " ".join(text.split())}

    @given(event)
    def collect(text: str) -> None:
        asked.add(text)

    collect()
    texts = sorted(filter(None, asked))
    each = 'while read -r text; do systemd-analyze calendar "$text" 2>&1 | grep -c "e: [^n]"; done'
    asking = "".join(f"{text}\n" for text in texts)
    coming = lab.up("schedules", debian="13").run(each, stdin=asking).stdout.split()
    verdicts = dict(zip(texts, coming, strict=True))
    assert [text for text, comes in verdicts.items() if is_taken(text) != (comes != "0")] == []

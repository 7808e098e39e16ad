"""Time spans as others write them are read as what they say, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.config.spans import milliseconds

SAID = {
    "PT30S": 30_000,
    "pt1m30s": 90_000,
    "P1DT12H": 129_600_000,
    "P1Y": 31_536_000_000,
    "1h30m": 5_400_000,
    "1 h, 30 min": 5_400_000,
    "2 weeks": 1_209_600_000,
    "1.5h": 5_400_000,
    "500ms": 500,
    "00:01:30": 90_000,
    " 90s ": 90_000,
}
NOTHING = ["", "P", "PT", "P1M", "6 months", "5", "1:30", "00:61:00", "1h30", "h", "1x", "-5s", "s5", "1h 5"]


@pytest.mark.parametrize("text", SAID)
def test_a_span_is_read(text: str) -> None:
    assert milliseconds(text) == SAID[text]


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_no_span_is_none(text: str) -> None:
    assert milliseconds(text) is None


@given(st.integers(0, 999), st.integers(0, 59), st.integers(0, 59))
def test_a_clock_and_units_say_the_same(hours: int, minutes: int, seconds: int) -> None:
    said = f"{hours}h {minutes}m {seconds}s"
    assert milliseconds(said) == milliseconds(f"{hours}:{minutes:02}:{seconds:02}")
    assert milliseconds(said) == milliseconds(f"PT{hours}H{minutes}M{seconds}S")

"""When a job last ran goes from slot to slot with it."""

import os
import time
from pathlib import Path

import pytest

from deploys.apps.onhost import stamps as stamps_onhost

MINE, OTHERS = "gatehouse-shop-b.job-bill.timer", "gatehouse-shop-a.job-bill.timer"
DAY = 86400


@pytest.mark.parametrize(
    ("mine", "others", "times", "expected"),
    [
        pytest.param(40, 1, "monthly", 1, id="it ran in the other slot since"),
        pytest.param(None, 1, "monthly", 1, id="it never ran in this slot"),
        pytest.param(40, None, "monthly", 0, id="it never ran in the other slot"),
        pytest.param(40, 1, "daily", 0, id="it has other times"),
        pytest.param(40, 1, None, 0, id="the other slot has it no more"),
        pytest.param(None, None, None, 0, id="it is new"),
    ],
)
def test_carry(
    tmp_path: Path, mine: int | None, others: int | None, times: str | None, expected: int
) -> None:
    """Ages in days of the stamps before and after, and the times that the other slot's timer has."""
    now, units, stamps = time.time(), tmp_path / "units", tmp_path / "timers"
    for timer, age in ((MINE, mine), (OTHERS, others)):
        if age is not None:
            stamps.mkdir(exist_ok=True)
            (stamps / f"stamp-{timer}").touch()
            os.utime(stamps / f"stamp-{timer}", (now - age * DAY,) * 2)
    units.mkdir()
    for timer, schedule, release in ((MINE, "monthly", 2), (OTHERS, times, 1)):
        if schedule:
            (units / timer).write_text(f"X-Gatehouse-Release={release}\nOnCalendar={schedule}\n")

    stamps_onhost.carry({MINE: OTHERS}, str(units), str(stamps))

    found = (now - (stamps / f"stamp-{MINE}").stat().st_mtime) / DAY
    assert round(found) == expected

"""On the host: when jobs last ran, which systemd.timer(5) keeps for each timer by itself (Persistent=)."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from deploys.onhost import files

STAMPS = "/var/lib/systemd/timers"
_TIMES = re.compile(r"^OnCalendar=.*$", re.MULTILINE)


def carry(timers: Mapping[str, str], units: str, stamps: str = STAMPS) -> None:
    """Let each timer go on where another one has stopped, so that no run is repeated or left out.

    A job that is new, or that has other times than before, is due from now on.

    Args:
        timers: the timer that each timer takes over from; neither may be active.
        units: the directory of their unit files.
        stamps: the directory in which systemd keeps the time of each one's last run.

    """
    for timer, former in timers.items():
        Path(stamps).mkdir(parents=True, exist_ok=True)
        stamp, other = Path(stamps, f"stamp-{timer}"), Path(stamps, f"stamp-{former}")
        goes_on = other.exists() and _times(Path(units, timer)) == _times(Path(units, former))
        stamp.touch()
        if goes_on:
            last = other.stat().st_mtime_ns
            os.utime(stamp, ns=(last, last))


def _times(unit: Path) -> list[str]:
    return _TIMES.findall(files.text(unit)) if unit.exists() else []

"""On the host: access logs, read with those rotated away; each proxy has its own words for a request."""

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from deploys.reports.onhost import report


def lines(log: Path, since: float) -> Iterator[str]:
    """Read the log and those rotated away, the oldest first, but none that ended before the time."""
    known = log.parent.glob(f"{log.name}*")
    for path in sorted((one for one in known if one.stat().st_mtime >= since), key=os.path.getmtime):
        unpacked = gzip.open if path.suffix == ".gz" else open
        with unpacked(path, "rt", errors="replace") as file:
            yield from file


def requests(
    read: Iterable[str], since: float, parsed: "Callable[[dict[str, Any]], report.Request]"
) -> Iterator[report.Request]:
    """Parse the lines that are of the time; a line that was cut off does not count.

    Args:
        read: each in JSON.
        since: seconds since 1970.
        parsed: makes a request of what is in one.

    """
    for line in read:
        try:
            request = parsed(json.loads(line))
            # Python before 3.11 does not know the Z.
            if datetime.fromisoformat(request.time.replace("Z", "+00:00")).timestamp() >= since:
                yield request
        except (ValueError, KeyError, TypeError):
            continue

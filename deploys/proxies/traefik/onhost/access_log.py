"""On the host: the requests of Traefik's access log, summed up."""

import gzip
import json
import os
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from deploys.proxies.traefik.onhost import where
from deploys.reports.onhost import report

LOG = Path(where.LOGS) / "access.log"
_NANOSECONDS = 1_000_000_000


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Sum up the requests of a span of time.

    Args:
        argument: `seconds`, how far to go back; `site`, the only one that counts, or None; `most`, how many
            lines each list may have.

    """
    since = time.time() - argument["seconds"]
    return report.summary(requests(lines(LOG, since), since), argument["site"], argument["most"])


def lines(log: Path, since: float) -> Iterator[str]:
    """Read the log and those rotated away, the oldest first, but none that ended before the time."""
    known = log.parent.glob(f"{log.name}*")
    for path in sorted((one for one in known if one.stat().st_mtime >= since), key=os.path.getmtime):
        unpacked = gzip.open if path.suffix == ".gz" else open
        with unpacked(path, "rt", errors="replace") as file:
            yield from file


def requests(read: Iterable[str], since: float) -> Iterator[report.Request]:
    """Parse the lines that are of the time; a line that was cut off does not count."""
    for line in read:
        try:
            request = _request(json.loads(line))
            if datetime.fromisoformat(request.time).timestamp() >= since:
                yield request
        except (ValueError, KeyError, TypeError):
            continue


def _request(entry: dict[str, Any]) -> report.Request:
    """Read what Traefik has written of a request; it gives none an id."""
    # Python before 3.11 reads no nanoseconds, and no Z.
    seconds = f"{entry['StartUTC'].partition('.')[0].rstrip('Z')}+00:00"
    return report.Request(
        time=seconds,
        id="",
        client=entry["ClientHost"],
        method=entry["RequestMethod"],
        site=entry["RequestHost"].lower(),
        path=entry["RequestPath"],
        status=entry["DownstreamStatus"],
        bytes_out=entry["DownstreamContentSize"],
        seconds=entry["Duration"] / _NANOSECONDS,
        agent=entry.get("request_User-Agent", ""),
    )

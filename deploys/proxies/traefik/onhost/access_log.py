"""On the host: the requests of Traefik's access log, summed up."""

import time
from pathlib import Path
from typing import Any

from deploys.proxies.onhost import logs
from deploys.proxies.traefik.onhost import where
from deploys.reports.onhost import report

LOG = Path(where.LOGS) / "access.log"
_NANOSECONDS = 1_000_000_000
_SWITCHED = 101
"""The status of a WebSocket, for which Traefik writes none down; what is given up is 499."""


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Sum up the requests of a span of time.

    Args:
        argument: `seconds`, how far to go back; `site`, the only one that counts, or None; `most`, how many
            lines each list may have.

    """
    since = time.time() - argument["seconds"]
    found = logs.requests(logs.lines(LOG, since), since, request)
    return report.summary(found, argument["site"], argument["most"])


def request(entry: dict[str, Any]) -> report.Request:
    """Read what Traefik has written of a request; it gives none an id."""
    # Python before 3.11 reads no nanoseconds.
    seconds = f"{entry['StartUTC'].partition('.')[0].rstrip('Z')}+00:00"
    return report.Request(
        time=seconds,
        id="",
        client=entry["ClientHost"],
        method=entry["RequestMethod"],
        site=entry["RequestHost"].lower(),
        path=entry["RequestPath"],
        status=entry["DownstreamStatus"] or _SWITCHED,
        bytes_out=entry["DownstreamContentSize"],
        seconds=entry["Duration"] / _NANOSECONDS,
        agent=entry.get("request_User-Agent", ""),
    )

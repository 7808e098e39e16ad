"""On the host: the requests of Caddy's access log, summed up."""

import time
from typing import Any

from deploys.proxies.caddy.onhost import places
from deploys.proxies.onhost import logs
from deploys.reports.onhost import report


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Sum up the requests of a span of time.

    Args:
        argument: `seconds`, how far to go back; `site`, the only one that counts, or None; `most`, how many
            lines each list may have.

    """
    since = time.time() - argument["seconds"]
    found = logs.requests(logs.lines(places.ACCESS_LOG, since), since, request)
    return report.summary(found, argument["site"], argument["most"])


def request(entry: dict[str, Any]) -> report.Request:
    """Read what the access log's part of the configuration has written."""
    asked = entry["request"]
    return report.Request(
        time=entry["ts"],
        id=entry["id"],
        client=asked["client_ip"],
        method=asked["method"],
        site=asked["host"],
        path=entry["path"],
        status=entry["status"],
        bytes_out=entry["size"],
        seconds=entry["duration"],
        agent=entry["agent"],
    )

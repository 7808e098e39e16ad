"""On the host: the requests of nginx's access log, summed up."""

import time
from pathlib import Path
from typing import Any

from deploys.proxies.onhost import logs
from deploys.reports.onhost import report

LOG = Path("/var/log/nginx/access.log")


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Sum up the requests of a span of time.

    Args:
        argument: `seconds`, how far to go back; `site`, the only one that counts, or None; `most`, how many
            lines each list may have.

    """
    since = time.time() - argument["seconds"]
    return report.summary(
        logs.requests(logs.lines(LOG, since), since, request), argument["site"], argument["most"]
    )


def request(entry: dict[str, Any]) -> report.Request:
    """Read what `http/log.conf` has written."""
    return report.Request(
        time=entry["time"],
        id=entry["id"],
        client=entry["client"],
        method=entry["method"],
        site=entry["host"],
        path=entry["path"],
        status=entry["status"],
        bytes_out=entry["bytes_out"],
        seconds=entry["seconds"],
        agent=entry["agent"],
    )

"""Caddy's access log as the report reads it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploys.proxies.caddy.onhost import access_log, places
from deploys.proxies.onhost import logs

ASKED = {"remote_ip": "192.0.2.1", "client_ip": "192.0.2.9", "method": "GET", "host": "example.com"}
LINE: dict[str, Any] = {
    "level": "info",
    "ts": "2026-11-29T04:21:20Z",
    "logger": "http.log.access",
    "request": ASKED,
    "status": 502,
    "size": 120,
    "duration": 3.0004,
    **{"id": "1d", "path": "/a", "referrer": "", "agent": "curl/8", "upstream": ""},
}
SINCE = datetime(2026, 11, 29, 4, 0, tzinfo=UTC).timestamp()


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in LINE.items() if name != key}


def test_a_line() -> None:
    assert access_log.request(LINE) == (
        *("2026-11-29T04:21:20Z", "1d", "192.0.2.9", "GET", "example.com", "/a"),
        *(502, 120, 3.0004, "curl/8"),
    )


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (LINE, True),
        ({**LINE, "ts": "2026-11-29T05:21:20+01:00"}, True),
        ({**LINE, "ts": "2026-11-29T03:59:59Z"}, False),
        ({**LINE, "ts": "yesterday"}, False),
        # As of an answer that Caddy gave before it had read the request.
        (without("path"), False),
        (without("request"), False),
        ({**LINE, "request": "?"}, False),
        ([], False),
    ],
)
def test_what_is_a_line_of_the_time(line: object, counts: bool) -> None:
    assert len([*logs.requests([json.dumps(line)], SINCE, access_log.request)]) == counts


def test_a_log_is_summed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a line that a power cut has left half written does not count."""
    now = datetime.now(UTC)
    ages = (timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=9))
    lines = [json.dumps({**LINE, "ts": (now - age).isoformat()}) for age in ages]
    log = tmp_path / "access.log"
    log.write_text("\n".join([*lines, lines[0][:40]]))
    monkeypatch.setattr(places, "ACCESS_LOG", log)
    found = access_log.main({"seconds": 3600, "site": None, "most": 10})
    assert found["sites"]["example.com"]["requests"] == 2

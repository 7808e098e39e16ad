"""Traefik's access log as the report reads it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from deploys.proxies.traefik.onhost import access_log

LINE = {
    "ClientHost": "192.0.2.9",
    "DownstreamContentSize": 120,
    "DownstreamStatus": 502,
    "Duration": 3_000_449_480,
    "RequestHost": "Example.com",
    "RequestMethod": "GET",
    "RequestPath": "/a",
    "StartUTC": "2026-11-29T04:21:20.652248635Z",
    "request_User-Agent": "curl/8",
}
SINCE = datetime(2026, 11, 29, 4, 0, tzinfo=UTC).timestamp()


def test_a_line() -> None:
    (found,) = access_log.requests([json.dumps(LINE)], SINCE)
    assert found == (
        "2026-11-29T04:21:20+00:00",
        "",
        "192.0.2.9",
        "GET",
        "example.com",
        "/a",
        502,
        120,
        3.00044948,
        "curl/8",
    )


def test_a_client_that_does_not_say_what_it_is() -> None:
    line = {key: value for key, value in LINE.items() if key != "request_User-Agent"}
    (found,) = access_log.requests([json.dumps(line)], SINCE)
    assert found.agent == ""


def test_what_is_no_line_of_the_time_does_not_count() -> None:
    lines = ["", "{", "[]", json.dumps({**LINE, "StartUTC": "yesterday"}), json.dumps({"time": "x"})]
    lines.append(json.dumps({**LINE, "StartUTC": "2026-11-29T03:59:59.999999999Z"}))
    assert [*access_log.requests(lines, SINCE)] == []


def test_the_log_and_those_rotated_away(tmp_path: Path) -> None:
    (tmp_path / "access.log.1").write_text("older\n")
    (tmp_path / "access.log").write_text("newer\n")
    assert sorted(access_log.lines(tmp_path / "access.log", 0)) == ["newer\n", "older\n"]

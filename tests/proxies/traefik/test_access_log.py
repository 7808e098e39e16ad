"""Traefik's access log as the report reads it."""

import json
from datetime import UTC, datetime

import pytest

from deploys.proxies.onhost import logs
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
    assert access_log.request(LINE) == (
        *("2026-11-29T04:21:20+00:00", "", "192.0.2.9", "GET", "example.com", "/a"),
        *(502, 120, 3.00044948, "curl/8"),
    )


def test_a_websocket_is_no_failure() -> None:
    assert access_log.request({**LINE, "DownstreamStatus": 0}).status == 101


def test_a_client_that_does_not_say_what_it_is() -> None:
    line = {key: value for key, value in LINE.items() if key != "request_User-Agent"}
    assert access_log.request(line).agent == ""


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (LINE, True),
        ({**LINE, "StartUTC": "2026-11-29T03:59:59.999999999Z"}, False),
        ({**LINE, "StartUTC": "yesterday"}, False),
        ({"StartUTC": LINE["StartUTC"]}, False),
        ([], False),
    ],
)
def test_what_is_a_line_of_the_time(line: object, counts: bool) -> None:
    assert len([*logs.requests([json.dumps(line)], SINCE, access_log.request)]) == counts

"""What is made of an access log."""

import json
import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.load import server_from
from deploys.refusal import Refusal
from deploys.reports.onhost.report import Request, Tally, kind_of, summary
from deploys.reports.report import heading, question, tables

NOW = 1_790_000_000
SERVER = server_from(
    {
        "acme": {"email": "ops@example.com"},
        "sites": {"www.example.com": {"routes": {"/": {"files": "/srv/www"}}}},
    }
)


USUAL = Request(
    time=datetime.fromtimestamp(NOW, UTC).isoformat(),
    id="1d",
    client="192.0.2.1",
    method="GET",
    site="www.example.com",
    path="/",
    status=200,
    bytes_out=100,
    seconds=0.01,
    agent="Mozilla/5.0",
)


def request(**changes: Any) -> Request:
    return USUAL._replace(**changes)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/items/7", "/items/:id"),
        ("/items/7/parts/19", "/items/:id/parts/:id"),
        ("/u/3f2b1c9a-0d4e-4b7a-9c51-2f8e6d7a1b0c", "/u/:id"),
        ("/o/507f1f77bcf86cd799439011", "/o/:id"),
        ("/v1/items", "/v1/items"),
        ("/2026/", "/:id/"),
        ("/favicon.ico", "/favicon.ico"),
    ],
)
def test_paths_that_differ_in_an_identifier_are_one(path: str, kind: str) -> None:
    assert kind_of(path) == kind


@given(st.lists(st.floats(0.001, 500), min_size=1), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_quantile_is_right_within_five_percent(seconds: list[float], share: float) -> None:
    tally = Tally()
    for one in seconds:
        tally.add(request(seconds=one))
    exact = sorted(seconds)[math.ceil(share * len(seconds)) - 1]
    assert exact * 0.999 <= tally.quantile(share) <= exact * 1.051


def test_the_time_that_a_websocket_was_open_is_no_answers_time() -> None:
    found = summary([request(status=101, seconds=3600), request(seconds=0.01)], None, 10)
    site = found["sites"]["www.example.com"]
    assert site["requests"] == 2
    assert site["quantiles"][2] < 0.02


def test_a_failure_names_the_last_request() -> None:
    requests = [request(path=f"/items/{number}", status=502, id=str(number)) for number in range(3)]
    found = summary([*requests, request(site="other.example.com", status=500)], "www.example.com", 10)
    (failure,) = found["failures"]
    assert (failure["what"], failure["count"], failure["id"]) == ("GET www.example.com/items/:id", 3, "2")


@pytest.mark.parametrize(
    ("asked", "is_counted"),
    [
        ({"agent": "Mozilla/5.0"}, True),
        ({"path": "/.well-known/security.txt"}, True),
        ({"agent": "gatehouse"}, False),
        ({"agent": "Let's Encrypt", "path": "/.well-known/acme-challenge/x1"}, False),
    ],
)
def test_what_running_the_site_asks_for_is_told_apart(asked: dict[str, str], is_counted: bool) -> None:
    found = summary([request(**asked)], None, 10)
    assert (len(found["sites"]), found["ours"]) == ((1, 0) if is_counted else (0, 1))
    assert any("Not counted: 1" in line for line in tables(found)) is not is_counted


def test_what_only_a_scanner_asks_for_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploys.reports.onhost.report.MOST", 5)
    monkeypatch.setattr("deploys.reports.onhost.report.MOST_CLIENTS", 5)
    names = [f"x{chr(97 + number)}" for number in range(20)]
    asked = [
        request(path=f"/{name}" * 500, site=name, client=name, status=status)
        for status in (200, 404, 502)
        for name in names
    ]
    found = summary(asked, None, 100)
    tables = (found["sites"].values(), found["slow"], found["failures"])
    assert [sum(one.get("requests", one.get("count")) for one in table) for table in tables] == [60, 60, 20]
    assert [sum(count for _, count in found[name]) for name in ("refused", "clients")] == [20, 60]
    assert {name: len(table) for name, table in found.items() if name != "ours"} == {
        "sites": 6,
        "slow": 6,
        "failures": 6,
        "refused": 6,
        "clients": 6,
    }
    assert max(len(one["what"]) for one in [*found["slow"], *found["failures"]]) < 250


@pytest.mark.parametrize("part", ["site", "path", "method", "client", "id", "time"])
@pytest.mark.parametrize("status", [200, 404, 500])
def test_what_a_client_says_at_length_is_cut(part: str, status: int) -> None:
    found = summary([request(**{part: "x" * 100_000}, status=status)], None, 20)
    assert len(json.dumps(found)) < 3_000


def test_the_tables() -> None:
    requests = [
        *(request(path=f"/items/{number}", seconds=0.02) for number in range(98)),
        request(path="/slow", seconds=1.5, bytes_out=2_000_000),
        request(path="/\x1b[2J", status=502, id="deadbeef"),
        request(path="/wp-login", status=404, client="198.51.100.7"),
    ]
    assert (
        "\n".join(tables(summary(requests, None, 10))) == (Path(__file__).parent / "report.txt").read_text()
    )
    assert tables({}) == ["no requests in this time"]


@pytest.mark.parametrize(("since", "seconds"), [(None, 86400), ("90m", 5400), ("24h", 86400), ("7d", 604800)])
def test_a_span_of_time(since: str | None, seconds: int) -> None:
    assert question(SERVER, since, None)["seconds"] == seconds


@pytest.mark.parametrize(
    ("since", "site", "words"),
    [
        ("soon", None, 'since: \'soon\': write minutes, hours or days, like "90m", "24h" or "7d"'),
        ("0h", None, "since: '0h'"),
        ("2 hours", None, "since: '2 hours': did you mean '2h'? write minutes, hours or days"),
        (None, "elsewhere.test", "site: 'elsewhere.test': write a name of a site: www.example.com"),
        (None, "example.com", "site: 'example.com': did you mean 'www.example.com'? write a name of a site"),
    ],
)
def test_what_is_refused(since: str | None, site: str | None, words: str) -> None:
    with pytest.raises(Refusal, match=re.escape(words)):
        question(SERVER, since, site)


@pytest.mark.parametrize(
    ("since", "site", "words"),
    [
        (None, None, "web: the last day"),
        ("24h", None, "web: the last day"),
        ("7d", None, "web: the last 7 days"),
        ("25h", None, "web: the last 25 hours"),
        ("60m", None, "web: the last hour"),
        ("90m", None, "web: the last 90 minutes"),
        ("1m", "www.example.com", "web: www.example.com, the last minute"),
    ],
)
def test_what_a_report_is_about(since: str | None, site: str | None, words: str) -> None:
    assert heading("web", question(SERVER, since, site)) == words

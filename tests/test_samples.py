"""What the pages show of looks is what the looks print: a line that they lack would be missed there."""

import re
from pathlib import Path
from typing import Any

from deploys.load import server_from
from deploys.overview.tables import tables as overview
from deploys.reports.report import heading, question
from deploys.reports.report import tables as report
from deploys.routing import routing
from deploys.verification.claims import Seen, claims
from deploys.verification.operations import table

DOCS = Path(__file__).parent.parent / "docs"
SERVER = server_from(
    {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": {"source": "../shop", "asgi": "shop.main:app", "port": 29696}},
        "sites": {"www.example.com": {"aliases": ["example.com"], "routes": {"/": {"app": "shop"}}}},
    }
)
REFUSED = "the connection is refused"
EVIDENCE = {
    "this server": "the same certificate here and there",
    "trusted": "61 days left, from E7",
    "redirects": "301, path and query kept",
    "sends": "max-age=63072000",
    "answers": "status 502 Bad Gateway",
    "outside": "29696, 29697 closed",
}


def sample(page: str, first: str) -> list[str]:
    """Give the block of a page that begins with a line, without what pyinfra puts before its own lines."""
    lines = (DOCS / page).read_text().splitlines()
    begin = lines.index(f"    {first}")
    rest = "\n".join(lines[begin:])
    block = re.match(r"(?:    .*\n|\n(?=    ))+", rest)
    assert block
    return [line.removeprefix("    ") for line in block[0].splitlines()]


def test_verify() -> None:
    (host,) = routing(SERVER).hosts
    at = {"www.example.com": ["127.0.0.2"], "example.com": ["127.0.0.3"]}
    seen = []
    for claim in claims(host, SERVER, "a fingerprint", at.__getitem__):
        words = claim.words.replace("127.0.0.2", "192.0.2.7").replace("127.0.0.3", "198.51.100.9")
        evidence = next(found for word, found in EVIDENCE.items() if word in words)
        gone = "198.51.100.9" in words
        seen.append(Seen(words, not gone and "502" not in evidence, REFUSED if gone else evidence))
    untrue = sum(not one.holds for one in seen)
    end = f"[web] {untrue} of {len(seen)} claims do not hold"
    assert sample("sites.md", "web") == ["web", *table(seen), end]


ANSWER: dict[str, Any] = {
    "sites": {
        "www.example.com": {
            "requests": 48211,
            "classes": {"2xx": 46903, "3xx": 1120, "4xx": 176, "5xx": 12},
            "quantiles": [0.014, 0.083, 0.412],
            "bytes_out": 1_000_000_000,
        }
    },
    "slow": [
        {"quantiles": [0.903, 1.508, 2], "requests": 214, "what": "GET www.example.com/reports/:id"},
    ],
    "failures": [
        {
            "count": 12,
            "status": 502,
            "time": "2026-11-20T21:04:11+00:00",
            "id": "3d7c51f0a2b94e6c",
            "what": "POST www.example.com/orders",
        }
    ],
    "refused": [["404 GET www.example.com/favicon.ico", 141]],
    "clients": [["203.0.113.9", 2114]],
    "ours": 288,
}


def test_report() -> None:
    first = heading("web", question(SERVER, None, None))
    assert sample("nginx.md", first) == [first, *report(ANSWER)]


def test_status() -> None:
    found = {
        "proxy": {"name": "nginx", "state": "active"},
        "disk": {"total": 40_000_000_000, "free": 27_500_000_000},
        "memory": {"total": 4_100_000_000, "free": 2_900_000_000},
        "alerts": [],
        "reboot_wanted": False,
        "sites": [
            {
                "url": "https://www.example.com/",
                "answer": "200 OK",
                "certificate": {"placeholder": False, "days_left": 61},
                "maintenance": False,
                "in_dns": True,
            }
        ],
        "now": 1_000_000,
        "apps": [
            {
                "name": "shop",
                "release": 7,
                "commit": "17a6592b328c",
                "created": 1_000_000 - 2 * 86400,
                "slot": "b",
                "state": "active",
                "memory": 51_000_000,
                "restarts": 0,
                "deployed": 1_000_000 - 2 * 86400,
                "by": "anna@laptop",
                "back_from": None,
            }
        ],
        "notes": [],
        "problems": [],
        "to_do": ["nobody is told when a renewal fails: set alerts"],
    }
    assert sample("apps.md", "web1") == [*overview({"web1": found})]

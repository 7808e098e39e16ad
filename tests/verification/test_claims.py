"""Which claims a site's settings make."""

from typing import Any

import pytest

from deploys.load import server_from
from deploys.routing import routing
from deploys.verification.claims import MOST, Claim, Seen, Untrue, claims, see
from deploys.verification.operations import table

SETTINGS: dict[str, Any] = {
    "acme": {
        "email": "ops@example.com",
        "dns": {"plugin": "cloudflare", "credentials": {"dns_cloudflare_api_token": "x"}},
    },
    "apps": {
        "api": {"source": "../api", "asgi": "api.main:app"},
        "shop": {"source": "../shop", "asgi": "shop.main:app"},
    },
    "sites": {
        "www.example.com": {
            "aliases": ["example.com", "*.example.com"],
            "routes": {
                "/": {"app": "shop"},
                "/api/": {"app": "api", "prefix": "/api"},
                "/old": {"redirect": "https://elsewhere.example/"},
            },
        }
    },
}
HERE = "127.0.0.1"


def words(dns: dict[str, list[str]], served: str | None = "ab", **changes: Any) -> list[str]:
    server = server_from({**SETTINGS, **changes})
    (host,) = routing(server).hosts
    return [claim.words for claim in claims(host, server, served, lambda name: dns.get(name, []))]


def test_every_name_and_every_route_is_looked_at() -> None:
    assert words({"www.example.com": [HERE], "example.com": [HERE]}) == [
        "www.example.com at 127.0.0.1 is this server",
        "www.example.com at 127.0.0.1 has a certificate that is trusted",
        "http://www.example.com at 127.0.0.1 redirects to https://",
        "www.example.com sends Strict-Transport-Security as set",
        "https://www.example.com/api/ answers",
        "https://www.example.com/old/ answers",
        "https://www.example.com/ answers",
        "api itself does not answer from outside",
        "shop itself does not answer from outside",
        "example.com at 127.0.0.1 is this server",
        "example.com at 127.0.0.1 has a certificate that is trusted",
        "http://example.com at 127.0.0.1 redirects to https://",
    ]


@pytest.mark.parametrize("paused", [True, False])
def test_maintenance_is_no_failure(paused: bool) -> None:
    server = server_from(SETTINGS)
    (host,) = routing(server).hosts
    found = [one.words for one in claims(host, server, None, lambda _: [HERE], paused=paused)]
    assert ("https://www.example.com/ answers or is under maintenance" in found) is paused
    assert ("https://www.example.com/ answers" in found) is not paused


def test_an_edge_has_a_certificate_of_its_own() -> None:
    found = words({"www.example.com": [HERE]}, edge={"cloudflare": True})
    assert not [claim for claim in found if "is this server" in claim]


def test_a_name_without_an_address_fails() -> None:
    server = server_from(SETTINGS)
    (host,) = routing(server).hosts
    first, *_ = claims(host, server, None, lambda _: [])
    assert first.words == "www.example.com has an address"
    with pytest.raises(Untrue, match="DNS has neither"):
        first.look()


def test_a_line_for_each_claim() -> None:
    seen = [Seen("it is up", True, "status 200"), Seen("it is quick", False, "no answer")]
    assert list(table(seen)) == ["✓ it is up     status 200", "✗ it is quick  no answer"]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (None, ["✓ it is up     status 200", "✗ it is quick  it took 12 s, which is long"]),
        (40, ["✓ it is up     status 200", "✗ it is quick", "    it took 12 s, which is long"]),
        (25, ["✓ it is up     status 200", "✗ it is quick", "    it took 12 s, which", "    is long"]),
        (24, ["✓ it is up", "    status 200", "✗ it is quick", "    it took 12 s, which", "    is long"]),
    ],
)
def test_where_a_line_has_no_room_its_evidence_stands_below(width: int | None, lines: list[str]) -> None:
    seen = [
        Seen("it is up", holds=True, evidence="status 200"),
        Seen("it is quick", holds=False, evidence="it took 12 s, which is long"),
    ]
    assert list(table(seen, width)) == lines


@pytest.mark.parametrize("error", [Untrue, OSError])
def test_what_a_stranger_answers_harms_no_terminal(error: type[Exception]) -> None:
    def look() -> str:
        raise error("status 302 to http://evil.test/\x1b[2J\r\n" + 999 * "a")

    found = see(Claim("it redirects", look))
    assert not found.holds
    assert found.evidence.startswith("status 302 to http://evil.test/\\x1b[2J\\r\\naaa")
    assert len(found.evidence) == MOST

"""What a proxy cannot do is found wherever settings ask for it."""

from typing import Any

import pytest

from deploys.load import server_from
from deploys.proxies.lacks import lacking

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@example.com"},
    "apps": {"shop": {"source": ".", "asgi": "shop:app"}},
    "client_connections": 100,
    "sites": {
        "example.com": {
            "max_body": "1m",
            "http3": False,
            "routes": {
                "/": {"app": "shop", "limits": {"rate": "1/s"}},
                "/static/": {"files": "/srv/www"},
            },
        }
    },
}


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("client_connections", "client_connections: 100: remove it; it cannot"),
        (
            "sites.*.routes.*.files",
            "sites['example.com']['routes']['/static/']['files']: '/srv/www': remove it; it cannot",
        ),
        (
            "sites.*.routes.*.limits.rate",
            "sites['example.com']['routes']['/']['limits']['rate']: remove it; it cannot",
        ),
    ],
)
def test_a_setting_is_named_with_the_reason(pattern: str, line: str) -> None:
    assert list(lacking(server_from(SETTINGS), {pattern: "it cannot"})) == [line]


@pytest.mark.parametrize(
    "pattern",
    [
        "sites.*.http3",
        "sites.*.client_timeout",
        "snippets",
        "sites.*.routes.*.max_body",
        "upstreams.*.balance",
    ],
)
def test_what_nobody_asks_for_is_no_matter(pattern: str) -> None:
    assert list(lacking(server_from(SETTINGS), {pattern: "it cannot"})) == []

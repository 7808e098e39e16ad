"""An app that failed stays where it was, and its routes lead there."""

from typing import Any

import pytest

from deploys.apps.reached import reached
from deploys.apps.state import Address, Found, SlotFound
from deploys.load import server_from
from deploys.routing import AppTarget, routing

PREFIXED = {"app": "shop", "prefix": "/v2"}

CASES: dict[str, tuple[dict[str, Any], Address, list[tuple[str, int, str]]]] = {
    "another port": ({"/": {"app": "shop"}}, Address(20000, ""), [("/", 20000, "")]),
    "another prefix, and its path with it": (
        {"/v2/": PREFIXED},
        Address(20000, "/v1"),
        [("/v1", 20000, "/v1")],
    ),
    "a prefix where there was none": ({"/v2/": PREFIXED}, Address(30000, ""), [("/", 30000, "")]),
    "no prefix where there was one": ({"/": {"app": "shop"}}, Address(30000, "/v1"), [("/", 30000, "/v1")]),
    "a path that is another's now": (
        {"/v2/": PREFIXED, "/v1/": {"app": "cafe", "prefix": "/v1"}},
        Address(30000, "/v1"),
        [("/v1", 31000, "/v1"), ("/v2", 30000, "/v1")],
    ),
}


@pytest.mark.parametrize(("routes", "was", "leads"), CASES.values(), ids=CASES)
def test_routes_lead_to_where_the_app_is(
    routes: dict[str, Any], was: Address, leads: list[tuple[str, int, str]]
) -> None:
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {
            "shop": {"source": ".", "asgi": "shop:app", "port": 30000},
            "cafe": {"source": ".", "asgi": "cafe:app", "port": 31000, "processes": {"mail": "true"}},
        },
        "sites": {"www.example.com": {"routes": routes}},
    }
    found = Found(live="b", slots={"b": SlotFound(served=True, address=was)})
    hosts = routing(reached(server_from(settings), {"shop": found})).hosts
    (site,) = hosts
    found_there = [(t.path, t.upstream.port, t.strip) for t in site.targets if isinstance(t, AppTarget)]
    assert found_there == leads


def test_one_that_never_had_the_traffic_is_where_the_settings_have_it() -> None:
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": {"source": ".", "asgi": "shop:app"}},
        "sites": {"www.example.com": {"routes": {"/": {"app": "shop"}}}},
    }
    server = server_from(settings)
    assert reached(server, {"shop": Found()}) is server

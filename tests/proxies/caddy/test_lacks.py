"""What Caddy cannot do is refused, with its reason."""

from typing import Any

import pytest

from deploys.load import server_from
from deploys.proxies.caddy.config import config
from deploys.proxies.caddy.lacks import LACKS, refusals
from deploys.proxies.lacks import lacking
from deploys.refusal import Refusal
from deploys.routing import routing
from tests.proxies.caddy.trees import PROGRAM

ACME = {"email": "ops@example.com"}
SHOP = {
    **{"source": ".", "asgi": "shop:app", "persistent": ["media/"]},
    "sandbox": {"writable": ["/srv/uploads", "/data/shop/in"]},
}


def told(routes: dict[str, Any], **settings: Any) -> list[str]:
    server = server_from(
        {"acme": ACME, "apps": {"shop": SHOP}, "sites": {"a.test": {"routes": routes}}, **PROGRAM, **settings}
    )
    return [*lacking(server, LACKS), *refusals(server)]


@pytest.mark.parametrize(
    "files",
    [
        {"files": "media", "release_of": "shop"},
        {"files": "/srv/uploads"},
        {"files": "/srv/uploads/2026"},
        {"files": "/data/shop"},
    ],
)
def test_a_folder_that_an_app_can_write_in_is_refused(files: dict[str, str]) -> None:
    (line,) = told({"/": {"app": "shop"}, "/media/": files})
    assert line.startswith("sites['a.test']['routes']['/media/']['files']: ")
    assert "follows links" in line


@pytest.mark.parametrize(
    "files",
    [
        {"files": "static", "release_of": "shop"},
        {"files": "mediatheque", "release_of": "shop"},
        *({"files": folder} for folder in ("/srv/www", "/srv/shopping", "/srv/uploaded", "/data/shop/out")),
    ],
)
def test_a_folder_of_others_is_not(files: dict[str, str]) -> None:
    assert told({"/": {"app": "shop"}, "/static/": files}) == []


@pytest.mark.parametrize("text", ["", "location / { }", "{}", "[1]", '[{"handle": []}'])
def test_a_snippet_that_is_no_list_of_routes_is_refused(text: str) -> None:
    site = {"routes": {"/": {"files": "/srv/www"}}, "snippets": ["own.json"]}
    asked = routing(server_from({"acme": ACME, "sites": {"a.test": site}, **PROGRAM}))
    with pytest.raises(
        Refusal, match=r"sites\['a.test'\]\['snippets'\]: 'own.json': write a list of Caddy's"
    ):
        config(asked, {"own.json": text})


def test_what_counts_clients_is_refused() -> None:
    lines = told({"/": {"app": "shop", "limits": {"rate": "1/s", "connections": 3}}}, client_connections=9)
    assert [line.partition(":")[0] for line in lines] == [
        "client_connections",
        "sites['a.test']['routes']['/']['limits']['rate']",
        "sites['a.test']['routes']['/']['limits']['connections']",
    ]


def test_by_the_proxy_protocol_nobody_can_be_kept_out() -> None:
    spoken = {"addresses": ["10.0.0.0/24"], "tells_by": "PROXY"}
    (line,) = told({"/": {"app": "shop"}}, edge={**spoken, "only": True})
    assert line.startswith("edge['only']: True: write \"firewall\"")
    by_the_kernel = {**spoken, "only": "firewall"}
    for edge in (
        spoken,
        by_the_kernel,
        {"addresses": ["10.0.0.0/24"], "only": True},
        {"cloudflare": True, "only": True},
    ):
        assert told({"/": {"app": "shop"}}, edge=edge) == []

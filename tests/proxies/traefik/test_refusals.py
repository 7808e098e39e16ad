"""What Traefik cannot do is refused, each in a line with its reason."""

from typing import Any

import pytest

from deploys.load import server_from
from deploys.proxies.lacks import lacking
from deploys.proxies.traefik.lacks import LACKS
from deploys.proxies.traefik.refusals import CONDITIONS, refusals
from tests.proxies.traefik.typical import SMALLEST

ROUTE, REDIRECT = {"app": "shop"}, {"redirect": "/x"}


def site(**more: Any) -> dict[str, Any]:
    return {"sites": {"example.com": {"routes": {"/": ROUTE}, **more}}}


def route(**more: Any) -> dict[str, Any]:
    return site(routes={"/": {**ROUTE, **more}})


def edge(**more: Any) -> dict[str, Any]:
    return {"edge": {"addresses": ["10.0.0.0/24"], **more}}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"snippets": ["x.conf"]}, "snippets: "),
        (site(snippets=["x.conf"]), "sites['example.com']['snippets']: "),
        (site(client_timeout="5s"), "sites['example.com']['client_timeout']: "),
        (site(error_pages={502: "x.html"}), "sites['example.com']['error_pages']['502']: 'x.html': "),
        (
            site(routes={"/": ROUTE, "/f/": {"files": "/srv/www"}}),
            "sites['example.com']['routes']['/f/']['files']: ",
        ),
        (route(idle_timeout="5s"), "sites['example.com']['routes']['/']['idle_timeout']: "),
        (route(stream_requests=True), "sites['example.com']['routes']['/']['stream_requests']: True: "),
        (route(buffer_responses=True), "sites['example.com']['routes']['/']['buffer_responses']: True: "),
        (
            site(routes={"/": ROUTE, "/r": {**REDIRECT, "status": 303}}),
            "sites['example.com']['routes']['/r']['status']: 303: ",
        ),
        (edge(tells_by="X-Real-IP", only=True), "edge['tells_by']: 'X-Real-IP': "),
        (edge(), "edge['only']: False: "),
        ({"edge": {"cloudflare": True}}, "edge['only']: False: "),
        (edge(tells_by="PROXY", only=True), "edge['only']: True: "),
        (
            {
                "sites": {
                    "a.test": {"routes": {"/": ROUTE}, "http3": True},
                    "b.test": {"routes": {"/": {"redirect": "https://a.test"}}},
                }
            },
            "sites['b.test']['http3']: False: ",
        ),
    ],
)
def test_it_is_refused(changes: dict[str, Any], key: str) -> None:
    server = server_from({**SMALLEST, **changes})
    (line,) = [*lacking(server, LACKS), *refusals(server)]
    assert line.startswith(key)
    assert line.endswith((*LACKS.values(), *CONDITIONS.values())), "expected the reason that the page gives"


@pytest.mark.parametrize(
    "changes",
    [
        site(error_pages={503: "x.html"}),
        route(stream_requests=False),
        site(routes={"/": ROUTE, "/r": {**REDIRECT, "status": 307}}),
        edge(only=True),
        edge(tells_by="PROXY"),
        edge(tells_by="PROXY", only="firewall"),
        edge(only="firewall", client_ca="ca.pem"),
        {"edge": {"cloudflare": True, "only": True}},
    ],
)
def test_it_is_taken(changes: dict[str, Any]) -> None:
    server = server_from({**SMALLEST, **changes})
    assert [*lacking(server, LACKS), *refusals(server)] == []

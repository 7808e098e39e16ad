import pytest

from deploys.config import AppRoute, FilesRoute, RedirectRoute, UpstreamRoute
from deploys.load import server_from
from deploys.places.apps import AppPlaces
from deploys.places.certificates import Lineage
from deploys.routing import (
    AppTarget,
    FilesTarget,
    RedirectTarget,
    UpstreamTarget,
    VirtualHost,
    asked,
    routing,
)

SHOP = {"source": ".", "asgi": "shop:app", "port": 20000}


def of_site(site: dict[str, object]) -> VirtualHost:
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": SHOP},
        "upstreams": {"legacy": {"servers": ["192.0.2.7:80"]}},
        "sites": {"example.com": site},
    }
    (host,) = routing(server_from(settings)).hosts
    return host


def test_the_longest_path_comes_first_and_none_ends_with_a_slash() -> None:
    routes = {
        "/": {"app": "shop"},
        "/static/": {"files": "static", "release_of": "shop"},
        "/static/old": {"redirect": "/"},
        "/legacy": {"upstream": "legacy", "prefix": "/legacy/"},
    }
    shop = AppPlaces("shop", 20000)
    assert of_site({"routes": routes}).targets == (
        RedirectTarget("/static/old", RedirectRoute(redirect="/")),
        UpstreamTarget("/legacy", UpstreamRoute(upstream="legacy", prefix="/legacy/"), strip="/legacy"),
        FilesTarget("/static", FilesRoute(files="static", release_of="shop"), release_of=shop),
        AppTarget("/", AppRoute(app="shop"), shop, strip=""),
    )


@pytest.mark.parametrize(
    ("prefix", "strip"), [(None, ""), ("/", ""), ("/api", "/api"), ("/api/", "/api"), ("/api/v1", "/api/v1")]
)
def test_the_proxy_takes_the_prefix_away(prefix: str | None, strip: str) -> None:
    (target,) = of_site({"routes": {"/api/v1/": {"app": "shop", "prefix": prefix}}}).targets
    assert isinstance(target, AppTarget)
    assert target.strip == strip


def test_aliases_redirect_or_are_served() -> None:
    routes = {"/": {"app": "shop"}}
    redirecting = of_site({"aliases": ["www.example.com"], "routes": routes})
    assert (redirecting.served, redirecting.redirected) == (("example.com",), ("www.example.com",))
    serving = of_site({"aliases": ["www.example.com"], "redirect_aliases": False, "routes": routes})
    assert (serving.served, serving.redirected) == (("example.com", "www.example.com"), ())
    assert (
        serving.lineage == redirecting.lineage == Lineage("example.com", ("example.com", "www.example.com"))
    )


BALANCER = {"addresses": ["192.0.2.0/24"], "tells_by": "X-Forwarded-For"}


@pytest.mark.parametrize(
    ("edge", "is_elsewhere"),
    [
        (None, False),
        ({"cloudflare": True}, False),
        ({"cloudflare": True, "only": True}, True),
        ({"cloudflare": True, "only": "firewall"}, True),
        ({"cloudflare": True, "client_ca": "cloudflare"}, True),
        (BALANCER, False),
        ({**BALANCER, "only": True}, True),
    ],
)
def test_a_server_that_lets_nobody_but_its_edge_in_is_not_asked_itself(
    edge: dict[str, object] | None, is_elsewhere: bool
) -> None:
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": SHOP},
        "sites": {"example.com": {"routes": {"/": {"app": "shop"}}}},
        **({"edge": edge} if edge else {}),
    }
    assert [one.is_elsewhere for one in asked(server_from(settings))] == [is_elsewhere]


def test_behind_a_load_balancer_an_app_is_asked_for_there() -> None:
    public = {"name": "shop.example.com", "port": 8000}
    settings = {
        "proxy": "none",
        "edge": BALANCER,
        "apps": {"shop": {**SHOP, "public": public}},
    }
    assert [(one.name, one.is_elsewhere) for one in asked(server_from(settings))] == [
        ("shop.example.com", True)
    ]

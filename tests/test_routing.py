from deploys.apps.layout import Layout
from deploys.certificates.paths import Lineage
from deploys.load import server_from
from deploys.routing import AppTarget, FilesTarget, RedirectTarget, VirtualHost, routing

SHOP = {"source": ".", "asgi": "shop:app", "port": 20000}


def of_site(site: dict[str, object]) -> VirtualHost:
    settings = {"acme": {"email": "ops@example.com"}, "apps": {"shop": SHOP}, "sites": {"example.com": site}}
    (host,) = routing(server_from(settings)).hosts
    return host


def test_the_longest_path_comes_first_and_none_ends_with_a_slash() -> None:
    routes = {
        "/": {"app": "shop"},
        "/static/": {"files": "/srv/static"},
        "/static/old": {"redirect": "/"},
    }
    assert of_site({"routes": routes}).targets == (
        RedirectTarget("/static/old", "/", 308),
        FilesTarget("/static", "/srv/static"),
        AppTarget("/", Layout("shop", 20000)),
    )


def test_aliases_redirect_or_are_served() -> None:
    routes = {"/": {"app": "shop"}}
    redirecting = of_site({"aliases": ["www.example.com"], "routes": routes})
    assert (redirecting.served, redirecting.redirected) == (("example.com",), ("www.example.com",))
    serving = of_site({"aliases": ["www.example.com"], "redirect_aliases": False, "routes": routes})
    assert (serving.served, serving.redirected) == (("example.com", "www.example.com"), ())
    assert (
        serving.lineage == redirecting.lineage == Lineage("example.com", ("example.com", "www.example.com"))
    )

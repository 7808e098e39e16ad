"""How a load balancer reaches an app on a server that has no proxy, and what makes no sense there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from deploys.config.amounts import SIZES, Size, in_the_largest
from deploys.config.contradiction import Contradiction
from deploys.config.edge import LoadBalancer
from deploys.config.hosts import Domain
from deploys.config.numbers import seconds, whole
from deploys.config.settings import Settings

if TYPE_CHECKING:
    from deploys.config.server import Server

_SSH = 22


class Public(Settings):
    """The name by which users know an app, and the port at which the load balancer finds it."""

    name: Domain
    """The name that leads to the load balancer, which has the certificate for it."""

    port: Annotated[int, whole(1, 65_535)]
    """The port of the server to which the load balancer sends its requests and health checks, over plain
    HTTP; it leads to whichever slot has the traffic, and nobody else gets in there."""

    idle_timeout: Annotated[int, seconds(1, 3600)] = 60
    """Seconds for which the load balancer keeps an idle connection, as its own settings say; the app's server
    keeps it longer, so that it closes none on which a request may be on its way."""


WITHOUT_PROXY = {
    "sites": "the load balancer has the names, the paths and the certificates; give apps `public` instead",
    "acme": "no certificate is issued here, the load balancer has its own",
    "tls": "the load balancer speaks TLS, and the server none",
    "backup": "there are no certificates to keep",
    "upstreams": "no route leads to one",
    "snippets": "there is no proxy that would read them",
    "proxy_program": "there is no proxy",
    "max_header": "the load balancer and the app server have limits of their own",
    "client_connections": "nobody counts them",
}
"""What nobody is there for, and why."""


def nothing_to_proxy(server: "Server") -> Iterator[Contradiction]:
    """Find what makes no sense without a proxy, and with one."""
    if server.has_proxy:
        for app, settings in server.apps.items():
            if settings.public is not None:
                remedy = f"remove it: {server.proxy} leads to the app, by the routes of sites"
                remedy += ', or set proxy to "none"'
                yield Contradiction(("apps", app, "public"), settings.public.model_dump(), remedy)
        return
    for key, why in WITHOUT_PROXY.items():
        if key in server.model_fields_set and getattr(server, key) != type(server).model_fields[key].default:
            yield Contradiction(
                (key,), _plain(getattr(server, key)), f'remove it: with proxy = "none", {why}'
            )
    yield from _whom_to_believe(server)
    if all(app.public is None for app in server.apps.values()):
        remedy = (
            'nobody could reach an app; give one `public`, like {"name": "www.example.com", "port": 8000}'
        )
        yield Contradiction(("proxy",), server.proxy, remedy)


def _plain(value: object) -> object:
    if isinstance(value, Size):
        number, unit = in_the_largest(value.bytes, SIZES)
        return f"{number}{unit}"
    return value.model_dump(exclude_unset=True) if isinstance(value, Settings) else value


def _whom_to_believe(server: "Server") -> Iterator[Contradiction]:
    edge = server.edge
    right = 'edge = {"addresses": [...]} with the networks from which the load balancer connects'
    if edge is None:
        yield Contradiction(("proxy",), server.proxy, f"add who stands in front, and is let in: {right}")
    elif not isinstance(edge, LoadBalancer):
        remedy = f"choose a proxy, as Cloudflare speaks TLS to the server; or write {right}"
        yield Contradiction(("edge",), _plain(edge), remedy)
    else:
        if edge.tells_by != "X-Forwarded-For":
            remedy = 'remove it: with proxy = "none" app servers read the client\'s address, which know '
            yield Contradiction(("edge", "tells_by"), edge.tells_by, f"{remedy}X-Forwarded-For alone")
        for number, network in enumerate(edge.addresses):
            if ":" in network:
                remedy = (
                    "remove it, and have the load balancer reach the server over IPv4, whatever its clients "
                    'have: with proxy = "none" the public ports lead to 127.0.0.1'
                )
                yield Contradiction(("edge", "addresses", number), network, remedy)


def ways_in(server: "Server") -> Iterator[Contradiction]:
    """Find the public ports that cannot be what they are to be."""
    slots = {server.port(app) + slot: app for app in server.apps for slot in (0, 1)}
    owners: dict[int, str] = {}
    for app, settings in server.apps.items():
        if settings.public is None:
            continue
        port = settings.public.port
        key = ("apps", app, "public", "port")
        owner = owners.setdefault(port, app)
        if owner != app:
            yield Contradiction(key, port, f"apps[{owner!r}] has this public port; set another")
        elif port in slots:
            yield Contradiction(key, port, f"a slot of apps[{slots[port]!r}] listens there; set another")
        elif port == _SSH:
            yield Contradiction(key, port, "set another: whoever is not the load balancer would lose SSH")


def hasty_servers(server: "Server") -> Iterator[Contradiction]:
    """Find the app servers that would not do behind a load balancer."""
    for app, settings in server.apps.items():
        if settings.public is None or settings.server != "granian":
            continue
        key = ("apps", app, "server")
        if settings.interface == "wsgi":
            remedy = (
                'set it to "gunicorn": to granian\'s WSGI apps, X_Forwarded_For is X-Forwarded-For, which a '
                "load balancer lets through"
            )
            yield Contradiction(key, settings.server, remedy)
        elif settings.public.idle_timeout >= _OF_GRANIAN:
            remedy = (
                f"it closes connections that are idle for {_OF_GRANIAN} s: have the load balancer do so "
                "earlier, and say when in public['idle_timeout'], or set another server"
            )
            yield Contradiction(key, settings.server, remedy)


_OF_GRANIAN = 60
"""Seconds; no option makes them more."""

"""What Caddy cannot do. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from deploys.config import FilesRoute, Server
from deploys.proxies.caddy.edges import speaks_proxy_protocol

_COUNTS = "Caddy counts no requests of a client"
_ASKS = (
    "Caddy takes what clients break off for failures of a server, and would leave out good ones; "
    "it asks another server at once"
)

LACKS: Mapping[str, str] = {
    "client_connections": _COUNTS,
    "sites.*.routes.*.limits.rate": _COUNTS,
    "sites.*.routes.*.limits.burst": _COUNTS,
    "sites.*.routes.*.limits.connections": _COUNTS,
    "sites.*.client_timeout": "Caddy gives up no client that pauses within a request",
    "upstreams.*.max_fails": _ASKS,
    "upstreams.*.fail_timeout": _ASKS,
    "upstreams.*.balance": "a dead server is the least busy one, and Caddy would ask it first each time",
    "snippets": "Caddy's configuration has no place for more than routes; a site's snippets are for those",
}

_FORGETS = "by the PROXY protocol Caddy forgets who has connected"
_FOLLOWS = "an app writes there, and Caddy follows links"

CONDITIONS: Mapping[str, str] = {
    "an `edge` with PROXY and `only` that is True": _FORGETS,
    "`files` of a folder in which an app writes, or of one around it": _FOLLOWS,
}
"""What is refused besides, and why."""


def refusals(server: Server) -> Iterator[str]:
    """Say what cannot be done, each in a line with its reason."""
    if server.edge and server.edge.only is True and speaks_proxy_protocol(server.edge):
        yield f"edge['only']: True: write \"firewall\"; {_FORGETS}"
    yield from _followed(server)


def _followed(server: Server) -> Iterator[str]:
    """Name the routes with folders in which an app writes: Caddy follows what links an app puts there."""
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            if isinstance(route, FilesRoute) and _has_what_an_app_writes(route, server):
                key = f"sites[{domain!r}]['routes'][{path!r}]['files']"
                remedy = "have the app answer this itself, or choose another proxy"
                yield f"{key}: {route.files!r}: {remedy}; {_FOLLOWS}"


def _has_what_an_app_writes(route: FilesRoute, server: Server) -> bool:
    if route.release_of:
        return _overlaps(route.files, server.apps[route.release_of].persistent)
    return any(_overlaps(route.files, app.sandbox.writable) for app in server.apps.values())


def _overlaps(folder: str, others: Iterable[str]) -> bool:
    """Say whether a folder is among others, in one of them, or around one."""
    here = PurePosixPath(folder)
    return any(here.is_relative_to(other) or PurePosixPath(other).is_relative_to(here) for other in others)

"""What Caddy cannot do. Pure."""

from collections.abc import Iterator, Mapping

from deploys.config import FilesRoute, Server

_COUNTS = "Caddy counts no requests of a client; another proxy does"
_ASKS = (
    "Caddy takes what clients break off for failures of a server, and would leave out good ones; "
    "it asks another server at once"
)

LACKS: Mapping[str, str] = {
    "client_connections": _COUNTS,
    "sites.*.routes.*.limits.rate": _COUNTS,
    "sites.*.routes.*.limits.burst": _COUNTS,
    "sites.*.routes.*.limits.connections": _COUNTS,
    "sites.*.client_timeout": "Caddy gives up no client that pauses within a request; another proxy does",
    "upstreams.*.max_fails": _ASKS,
    "upstreams.*.fail_timeout": _ASKS,
    "upstreams.*.balance": "a dead server is the least busy one, and Caddy would ask it first each time",
    "snippets": "Caddy's configuration has no place for more than routes; a site's snippets are for those",
}

_FOLLOWS = (
    "have the app answer this itself, or choose another proxy; the app writes there, and Caddy follows links"
)


def refusals(server: Server) -> Iterator[str]:
    """Name the routes with folders in which an app writes: Caddy follows what links an app puts there."""
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            if isinstance(route, FilesRoute) and _is_an_apps(route, server):
                key = f"sites[{domain!r}]['routes'][{path!r}]['files']"
                yield f"{key}: {route.files!r}: {_FOLLOWS}"


def _is_an_apps(route: FilesRoute, server: Server) -> bool:
    if route.release_of:
        return f"{route.files}/" in server.apps[route.release_of].persistent
    inside = f"{route.files}/"
    return any(inside.startswith((f"/srv/{app}/", f"/var/lib/app-{app}/")) for app in server.apps)

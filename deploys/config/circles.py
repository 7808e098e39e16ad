"""Redirects that lead in a circle. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from deploys.config.contradiction import Contradiction
from deploys.config.routes import RedirectRoute

if TYPE_CHECKING:
    from deploys.config.server import Server


class _Stop(NamedTuple):
    """A route, where a request arrives on its way from redirect to redirect."""

    domain: str
    path: str


def circles(server: "Server") -> Iterator[Contradiction]:
    """Find the redirects from which nobody arrives anywhere."""
    for domain, site in server.sites.items():
        for start, route in site.routes.items():
            passed: list[_Stop] = []
            stop: _Stop | None = _Stop(domain, start)
            while stop is not None and stop not in passed:
                passed.append(stop)
                stop = _next(server, stop)
            if stop is not None and isinstance(route, RedirectRoute):
                way = [*passed, stop]
                alone = len({each.domain for each in way}) == 1
                said = " -> ".join(each.path if alone else f"{each.domain}{each.path}" for each in way)
                remedy = f"it leads in a circle ({said}); redirect elsewhere"
                yield Contradiction(("sites", domain, "routes", start, "redirect"), route.redirect, remedy)


def _next(server: "Server", stop: _Stop) -> _Stop | None:
    """Give the route at which the redirect of another one, if it is one, arrives."""
    route = server.sites[stop.domain].routes[stop.path]
    if not isinstance(route, RedirectRoute):
        return None
    target = urlsplit(route.redirect)
    # What comes in clear is sent on to HTTPS, at the same name and path.
    is_ours = target.port in {None, 80 if target.scheme == "http" else 443}
    domain = _owner(server, target.hostname, stop.domain) if is_ours else None
    if domain is None:
        return None
    routes, there = server.sites[domain].routes, f"{target.path.rstrip('/')}/"
    found = max((one for one in routes if there.startswith(f"{one.rstrip('/')}/")), key=len, default=None)
    return None if found is None else _Stop(domain, found)


def _owner(server: "Server", name: str | None, own: str) -> str | None:
    """Name the site that answers by a name; a name that is left out is the site's own."""
    if name is None:
        return own
    return next((domain for domain, site in server.sites.items() if name in {domain, *site.aliases}), None)

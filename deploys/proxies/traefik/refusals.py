"""What settings ask for that Traefik cannot do, where more than their being there decides. Pure."""

from collections.abc import Iterator

from deploys.config import LoadBalancer, RedirectRoute, Server

_TOLD_BY = {"X-Forwarded-For", "PROXY"}
_REDIRECTS = "Traefik redirects with no other status for a while"
_LEARNS = "Traefik learns a client's address by no other way"
_FORGETS = "by the PROXY protocol Traefik forgets who has connected"
_TELLS_NOTHING = "of a client that comes by no edge, Traefik would tell the app no address"
_ONE_PORT = "Traefik offers HTTP/3 at all sites or at none"

CONDITIONS = {
    "a redirect's `status` 303": _REDIRECTS,
    "an `edge` with `tells_by` other than X-Forwarded-For and PROXY": _LEARNS,
    "an `edge` with a header and without `only`": _TELLS_NOTHING,
    "an `edge` with PROXY and `only` that is True": _FORGETS,
    "`http3` at some sites": _ONE_PORT,
}
"""What is refused here, and why."""


def refusals(server: Server) -> Iterator[str]:
    """Say what cannot be done, each in a line with its reason."""
    yield from _edge(server)
    yield from _http3(server)
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            if isinstance(route, RedirectRoute) and route.status == 303:
                key = f"sites[{domain!r}]['routes'][{path!r}]['status']"
                yield f"{key}: 303: write 302 or 307; {_REDIRECTS}"


def _edge(server: Server) -> Iterator[str]:
    edge = server.edge
    if edge is None:
        return
    speaks = isinstance(edge, LoadBalancer) and edge.tells_by == "PROXY"
    if not speaks and not edge.only:
        yield f"edge['only']: False: write True or \"firewall\"; {_TELLS_NOTHING}"
    if not isinstance(edge, LoadBalancer):
        return
    if edge.tells_by not in _TOLD_BY:
        remedy = 'write "X-Forwarded-For" or "PROXY"'
        yield f"edge['tells_by']: {edge.tells_by!r}: {remedy}; {_LEARNS}"
    if speaks and edge.only is True:
        yield f"edge['only']: True: write \"firewall\"; {_FORGETS}"


def _http3(server: Server) -> Iterator[str]:
    """Find the sites without HTTP/3 beside those with it: one port serves all of them."""
    having = [domain for domain, site in server.sites.items() if site.http3]
    for domain, site in server.sites.items():
        if having and not site.http3:
            yield f"sites[{domain!r}]['http3']: False: write True, as for {having[0]!r}; {_ONE_PORT}"

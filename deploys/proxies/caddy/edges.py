"""Whom Caddy believes about a client's address. Pure."""

from collections.abc import Iterator

from deploys.config import Cloudflare, Edge, LoadBalancer, Server
from deploys.proxies.caddy.words import ABORT, Json

SAID_PROTO = "{http.vars.said_proto}"
"""What the edge says of the scheme by which a client came to it."""


def believing(edge: Edge | None) -> Json:
    """Say whom a server of Caddy's believes, if anyone stands between the clients and the machine."""
    if edge is None:
        return {}
    addresses = [*edge.addresses]
    if speaks_proxy_protocol(edge):
        # `require` believes what anybody says, and `reject` serves all who say nothing.
        spoken = {"wrapper": "proxy_protocol", "allow": addresses, "fallback_policy": "ignore"}
        return {"listener_wrappers": [spoken, {"wrapper": "tls"}]}
    header = "CF-Connecting-IP" if isinstance(edge, Cloudflare) else edge.tells_by
    return {
        "trusted_proxies": {"source": "static", "ranges": addresses},
        # From the right: what stands left of the first that is no proxy's, clients may have written.
        "trusted_proxies_strict": 1,
        "client_ip_headers": [header],
    }


def only(edge: Edge | None) -> Iterator[Json]:
    """Cut off who does not come by the edge, where nobody else is to."""
    if edge and edge.only and not speaks_proxy_protocol(edge):
        yield {"match": [{"not": [{"remote_ip": {"ranges": [*edge.addresses]}}]}], "handle": [ABORT]}


def speaks_proxy_protocol(edge: Edge | None) -> bool:
    """Say whether a client's address is told before all that it says, and not by a header."""
    return isinstance(edge, LoadBalancer) and edge.tells_by == "PROXY"


def said_proto(server: Server) -> Iterator[Json]:
    """Keep what an edge says of the scheme, before headers of that kind are dropped."""
    if not server.has_certificates:
        yield {"handler": "vars", "said_proto": "{http.request.header.X-Forwarded-Proto}"}

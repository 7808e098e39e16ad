"""Whom Traefik believes about a client's address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploys.config import Cloudflare, Edge


@dataclass(frozen=True)
class Believed:
    """An edge in Traefik's words."""

    addresses: tuple[str, ...]
    tells_by: str
    only: bool

    @property
    def proxy_protocol(self) -> bool:
        return self.tells_by == "PROXY"


def believed(edge: Edge | None) -> Believed | None:
    """Say whom to believe, if anyone stands between the clients and the server."""
    if edge is None:
        return None
    if isinstance(edge, Cloudflare):
        # It adds the client's address at the end of what it was sent, as a proxy does.
        return Believed(edge.addresses, "X-Forwarded-For", bool(edge.only))
    # By the PROXY protocol Traefik forgets who has connected: there the firewall alone keeps others out.
    is_kept = bool(edge.only) and edge.tells_by != "PROXY"
    return Believed(edge.addresses, edge.tells_by, is_kept)


def client(edge: Believed | None) -> Mapping[str, Any]:
    """Say what a client is known by: its IPv4 address, or its IPv6 network."""
    # The last of those that the edge tells is the one from which it was asked itself.
    depth = {"depth": 1} if edge and not edge.proxy_protocol else {}
    return {"ipStrategy": {**depth, "ipv6Subnet": 64}}

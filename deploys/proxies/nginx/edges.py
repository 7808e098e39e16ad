"""Whom nginx believes about a client's address. Pure."""

from dataclasses import dataclass

from deploys.config import Cloudflare, Edge


@dataclass(frozen=True)
class Believed:
    """The words of ngx_http_realip_module for an edge."""

    addresses: tuple[str, ...]
    real_ip_header: str
    only: bool

    @property
    def proxy_protocol(self) -> bool:
        return self.real_ip_header == "proxy_protocol"


def believed(edge: Edge | None) -> Believed | None:
    """Say whom to believe, if anyone stands between the clients and the server."""
    if edge is None:
        return None
    if isinstance(edge, Cloudflare):
        return Believed(edge.addresses, "CF-Connecting-IP", bool(edge.only))
    header = "proxy_protocol" if edge.tells_by == "PROXY" else edge.tells_by
    return Believed(edge.addresses, header, bool(edge.only))

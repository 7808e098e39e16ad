"""Whom nginx believes about a client's address. Pure."""

from dataclasses import dataclass

from deploys.config import Cloudflare, Edge

CLOUDFLARE = (
    *("173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18"),
    *("108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17"),
    *("162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22"),
    *("2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32"),
    *("2a06:98c0::/29", "2c0f:f248::/32"),
)
"""As Cloudflare publishes them at www.cloudflare.com/ips; the list has not changed since 2023."""


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
        return Believed(CLOUDFLARE, "CF-Connecting-IP", edge.only)
    header = "proxy_protocol" if edge.tells_by == "PROXY" else edge.tells_by
    return Believed(edge.addresses, header, edge.only)

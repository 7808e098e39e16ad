"""What stands between the clients and the server, and is believed about who they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StrictBool, Tag

from deploys.config.contradiction import Contradiction
from deploys.config.hosts import Network
from deploys.config.settings import Settings, told_apart_by

if TYPE_CHECKING:
    from deploys.config.server import Server


class LoadBalancer(Settings):
    """A load balancer or CDN that tells the client's address."""

    addresses: Annotated[tuple[Network, ...], Field(min_length=1)]
    """Whence its connections come; from anywhere else the client's address is the connection's own."""

    tells_by: Literal["X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "PROXY"] = (
        "X-Forwarded-For"
    )
    """The header with the client's address, or `PROXY` for the PROXY protocol, which all connections then
    must speak."""

    only: StrictBool = False
    """Whether connections from anywhere else are cut off."""


class Cloudflare(Settings):
    """Cloudflare, from the addresses that it publishes."""

    cloudflare: Literal[True]
    """Believe Cloudflare's own servers, and them alone, about the client's address."""

    only: StrictBool = False
    """Whether connections from anywhere else are cut off."""


Edge = Annotated[
    Annotated[Cloudflare, Tag("<cloudflare>")] | Annotated[LoadBalancer, Tag("<addresses>")],
    told_apart_by(
        "cloudflare",
        "addresses",
        remedy='write {"cloudflare": True}, or {"addresses": [...]} for a load balancer',
    ),
]


def http3_behind_proxy_protocol(server: "Server") -> Iterator[Contradiction]:
    """Find the sites that offer what such an edge cannot pass on."""
    if isinstance(server.edge, LoadBalancer) and server.edge.tells_by == "PROXY":
        for domain, site in server.sites.items():
            if site.http3:
                remedy = "remove it; the edge's PROXY protocol is spoken over TCP alone, and HTTP/3 over UDP"
                yield Contradiction(("sites", domain, "http3"), site.http3, remedy)

"""What stands between the clients and the server, and is believed about who they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, Tag

from deploys.config.cloudflare import CLOUDFLARE
from deploys.config.contradiction import Contradiction
from deploys.config.fields import ControllerPath
from deploys.config.hosts import Network
from deploys.config.kinds import WrongError
from deploys.config.remedies import closest
from deploys.config.settings import Settings, told_apart_by

if TYPE_CHECKING:
    from deploys.config.server import Server

FIREWALL: Literal["firewall"] = "firewall"
OF_CLOUDFLARE: Literal["cloudflare"] = "cloudflare"

_WRITE_ONLY = 'write True, False or "firewall"'


def _only(value: Any) -> Any:
    if isinstance(value, bool) or value == FIREWALL:
        return value
    word = str(value).lower() if isinstance(value, str | int) else ""
    likely = _SAID.get(word, closest(word, [FIREWALL]) if word else None)
    raise WrongError(_WRITE_ONLY, likely)


_SAID = {"yes": True, "true": True, "on": True, "1": True}
_SAID |= {"no": False, "false": False, "off": False, "0": False}

Only = Annotated[StrictBool | Literal["firewall"], BeforeValidator(_only)]


class LoadBalancer(Settings):
    """A load balancer or CDN that tells the client's address."""

    addresses: Annotated[tuple[Network, ...], Field(min_length=1)]
    """Whence its connections come; from anywhere else the client's address is the connection's own."""

    tells_by: Literal["X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "PROXY"] = (
        "X-Forwarded-For"
    )
    """The header with the client's address, or `PROXY` for the PROXY protocol, version 1 or 2, which all
    connections then must speak."""

    speaks: Literal["TLS", "HTTP"] = "TLS"
    """How it connects: over TLS to port 443, or, where it has the certificates and the server has none, over
    plain HTTP to port 80. Clients whose X-Forwarded-Proto it says to be `http` are then led to HTTPS."""

    only: Only = False
    """Whether connections from anywhere else are cut off, but for the CA's challenges; with `firewall`, the
    kernel lets nobody else reach ports 80 and 443 at all."""

    client_ca: ControllerPath | None = None
    """A PEM file on the controller with the CA that has signed the certificate by which it shows who it is;
    whoever has none gets nowhere over TLS."""


class Cloudflare(Settings):
    """Cloudflare, from the addresses that it publishes."""

    cloudflare: Literal[True]
    """Believe Cloudflare's own servers, and them alone, about the client's address."""

    networks: tuple[Network, ...] = ()
    """Its networks, if they are not to be looked up: unless given, those that it publishes at the time of the
    run, or, where the controller does not reach its list, those of a copy."""

    only: Only = False
    """Whether connections from anywhere else are cut off, but for the CA's challenges; with `firewall`, the
    kernel lets nobody else reach ports 80 and 443 at all."""

    client_ca: ControllerPath | None = None
    """Authenticated origin pulls: a PEM file on the controller with the CA that has signed the certificate
    that you have given to Cloudflare for them, or `cloudflare` for Cloudflare's own CA, by which it may come
    for any of its customers. Whoever has no such certificate gets nowhere over TLS."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Whence its connections come."""
        return self.networks or CLOUDFLARE


_WRITE = 'write {"cloudflare": True}, or {"addresses": [...]} for a load balancer'
_NO_PLATFORM = (
    "remove it: a platform, like Heroku, Fly.io or Render, runs apps by itself, and there is no server to "
    "set up; use what it brings, or lead the name to a server of yours"
)


def _no_platform(value: Any) -> Any:
    if value == "platform" or (isinstance(value, dict) and "platform" in value):
        raise ValueError(_NO_PLATFORM)
    return value


Edge = Annotated[
    Annotated[
        Annotated[Cloudflare, Tag("<cloudflare>")] | Annotated[LoadBalancer, Tag("<addresses>")],
        told_apart_by("cloudflare", "addresses", remedy=_WRITE),
    ],
    BeforeValidator(_no_platform),
]


def http3_behind_proxy_protocol(server: "Server") -> Iterator[Contradiction]:
    """Find the sites that offer what such an edge cannot pass on."""
    if isinstance(server.edge, LoadBalancer) and server.edge.tells_by == "PROXY":
        for domain, site in server.sites.items():
            if site.http3:
                remedy = "remove it; the edge's PROXY protocol is spoken over TCP alone, and HTTP/3 over UDP"
                yield Contradiction(("sites", domain, "http3"), site.http3, remedy)

"""Within a release: whom to believe where a load balancer stands before the app, and when to turn it away.

It speaks to the app server itself. So what a proxy of ours does is done here: headers in which clients have
no say are taken off and told anew, a slot that has the traffic no longer closes each connection after its
answer, and during maintenance the load balancer hears so, by its health checks, too.
"""

import json
import os
import re
from collections.abc import Iterable
from fnmatch import translate
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from .headers import FAMILIES, FORGED, TOLD

_ITSELF = "127.0.0.1"
_SCHEMES = {"http": "80", "https": "443"}
_KEPT = {"x-request-id"}
"""Of what a proxy of ours tells, what says nothing of anybody: it is the load balancer's, or the client's."""
_FORGED = {name.lower() for name in (*FORGED, *TOLD)} - _KEPT
_FAMILIES = re.compile("|".join(translate(family.lower()) for family in FAMILIES))

MAINTENANCE = b"Down for maintenance. Please try again in a few minutes.\n"
RETRY_AFTER = "120"


class Told(NamedTuple):
    """Who asks, and how."""

    client: str
    scheme: str

    def headers(self, host: str) -> "list[tuple[str, str]]":
        """List what the app is told in headers, as every proxy of ours tells it."""
        told = [
            ("x-forwarded-for", self.client),
            ("x-real-ip", self.client),
            ("x-forwarded-proto", self.scheme),
            ("x-forwarded-port", _SCHEMES[self.scheme]),
        ]
        return [*told, ("x-forwarded-host", host)] if host else told


class Balancer:
    """The load balancer before the app, as the release's settings have it."""

    def __init__(self, networks: Iterable[str], b_is_live: str, slot: str, maintenance: str) -> None:
        self._networks = [ip_network(network) for network in networks]
        self._b_is_live, self._is_b, self._maintenance = b_is_live, slot == "b", maintenance

    def is_leaving(self) -> bool:
        """Say whether the other slot has the traffic: who has connected here is to connect anew."""
        return os.path.exists(self._b_is_live) != self._is_b

    def turns_away(self, peer: str) -> bool:
        """Say whether a request is answered in the app's place, which goes on being asked from here."""
        return self._is_one(peer) and os.path.exists(self._maintenance)

    def told(self, peer: str, forwarded_for: str, forwarded_proto: str) -> Told:
        """Work out the client, believing exactly the load balancer.

        Args:
            peer: the address that the connection comes from.
            forwarded_for: all that was said by X-Forwarded-For, in its order.
            forwarded_proto: the same of X-Forwarded-Proto.

        """
        said = forwarded_proto.rpartition(",")[2].strip().lower()
        if not self._is_one(peer):
            # Nobody gets to the machine's own address but root, the app, and who may reach it.
            return Told(peer, said if peer == _ITSELF and said in _SCHEMES else "http")
        client = peer
        for word in reversed(forwarded_for.split(",")):
            address = _address(word.strip())
            if address is None:
                break
            client = str(address)
            if not any(address in network for network in self._networks):
                break
        return Told(client, said if said in _SCHEMES else "http")

    def _is_one(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._networks)


def is_forged(name: str) -> bool:
    """Say whether a header is one in which clients have no say; frameworks read `_` as they read `-`."""
    name = name.replace("_", "-").lower()
    return name in _FORGED or _FAMILIES.match(name) is not None


def balancer() -> "Balancer | None":
    """Read the settings; None where a proxy stands before the app."""
    said = os.environ.get("GATEHOUSE_BALANCER")
    return Balancer(**json.loads(said)) if said else None


def _address(word: str) -> "IPv4Address | IPv6Address | None":
    """Read an address, which some give with the client's port."""
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        address = ip_address(word)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if isinstance(address, IPv6Address) and "%" in word:
        return None
    return mapped or address

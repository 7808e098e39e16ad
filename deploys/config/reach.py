"""What an app may reach of what is closed to it otherwise, its own machine and the cloud's metadata."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Annotated

from deploys.config import guesses
from deploys.config.contradiction import Contradiction
from deploys.config.kinds import text
from deploys.config.remedies import meant

if TYPE_CHECKING:
    from deploys.config.server import Server

METADATA = "metadata"
"""Opens what a cloud tells its machines, credentials among it."""


@dataclass(frozen=True)
class Service:
    """A service as Debian sets it up."""

    port: int | None = None
    sockets: str | None = None
    """A directory of Unix sockets, or one socket."""


SERVICES: Mapping[str, Service] = {
    "mariadb": Service(3306, "/run/mysqld"),
    "memcached": Service(11211, "/run/memcached"),
    "mongodb": Service(27017),
    "mysql": Service(3306, "/run/mysqld"),
    "pgbouncer": Service(6432, "/run/postgresql"),
    "postgres": Service(5432, "/run/postgresql"),
    "rabbitmq": Service(5672),
    "redis": Service(6379, "/run/redis"),
    "smtp": Service(25),
    "syslog": Service(sockets="/run/systemd/journal/dev-log"),
    "valkey": Service(6379, "/run/valkey"),
}

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_ENDPOINT = re.compile(
    r"(?:(?P<localhost>localhost)|(?P<ipv4>[0-9.]+(?:/\d+)?)|\[(?P<ipv6>[0-9A-Fa-f:]+(?:/\d+)?)\])"
    r":(?P<first>[1-9]\d{0,4})(?:-(?P<last>[1-9]\d{0,4}))?"
)
_REMEDY = (
    f'write a service ({", ".join(SERVICES)}), "{METADATA}", the name of another app, or an address and'
    ' port like "127.0.0.1:5432", "10.0.0.0/8:8000-8010" or "[fd00::5]:5432"'
)


@dataclass(frozen=True)
class Endpoint:
    """Addresses and ports, over TCP and UDP."""

    network: IPv4Network | IPv6Network
    first: int
    last: int

    @property
    def ports(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def endpoints(word: str) -> tuple[Endpoint, ...]:
    """Read addresses and ports; none where the word is a name.

    Raises:
        ValueError: it is neither.

    """
    if _NAME.fullmatch(word):
        return ()
    found = _ENDPOINT.fullmatch(word)
    if found is None:
        raise ValueError(_REMEDY)
    first = int(found["first"])
    last = int(found["last"] or first)
    if not first <= last <= 65535:
        raise ValueError("write ports from 1 to 65535, the lower one first")
    hosts = ("127.0.0.1", "::1") if found["localhost"] else (found["ipv4"] or found["ipv6"],)
    return tuple(Endpoint(_network(host), first, last) for host in hosts)


def _network(host: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(host, strict=False)
    except ValueError:
        raise ValueError(_REMEDY) from None
    if "/" in host and str(network.network_address) != host.partition("/")[0]:
        raise ValueError(f'write the network that is meant, like "{network}"')
    if network.network_address.is_unspecified and network.num_addresses == 1:
        raise ValueError(f'write "127.0.0.1" for this machine: at {host} one listens, and connects to nobody')
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped:
        raise ValueError(f'write it as IPv4, "{mapped}"')
    return network


def _reach(word: str) -> str:
    endpoints(word)
    return word


Reach = Annotated[str, text(_reach, _REMEDY, guesses.reach)]
"""A service, an app or `metadata` by name, or addresses and ports."""


def unknown_reach(server: "Server") -> Iterator[Contradiction]:
    """Find the words that name nothing, or two things."""
    for app, settings in server.apps.items():
        others = sorted(server.apps.keys() - {app})
        for number, word in enumerate(settings.reach):
            key = ("apps", app, "reach", number)
            if word in {*SERVICES, METADATA} and word in others:
                remedy = "an app has this name, too: write the address and port that are meant instead"
                yield Contradiction(key, word, remedy)
            elif word == app:
                yield Contradiction(key, word, "remove it: an app reaches its own ports anyway")
            elif not endpoints(word) and word not in {*SERVICES, METADATA, *others}:
                apps = f"another app ({', '.join(others)})" if others else "an address and port"
                remedy = f"name a service ({', '.join(SERVICES)}), {METADATA} or {apps}"
                near = meant(word, [*SERVICES, METADATA, *others])
                yield Contradiction(key, word, f"{near}{remedy}")

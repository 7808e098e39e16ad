"""What one app may reach on its machine, and who may connect to it: its own part of the firewall. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from deploys.base.files import UNIT, File
from deploys.config import App, Server
from deploys.config.reach import METADATA, SERVICES, Endpoint, endpoints
from deploys.config.sources import Indexes
from deploys.firewall.mark import comment, marked
from deploys.firewall.onhost import nft
from deploys.places import proxies
from deploys.places.apps import SLOTS, AppPlaces
from deploys.places.firewall import FOLDER, UNIT_FILE, flushing_of, rules_of
from deploys.render import render

LOADER = File(UNIT_FILE, render("firewall/firewall@.service.j2", folder=FOLDER), ours=UNIT)

METADATA_IPV4 = (
    "100.100.100.200",  # Alibaba
    "168.63.129.16",  # Azure's host
    "169.254.0.23",  # Tencent
    "169.254.42.42",  # Scaleway
    "169.254.169.254",  # everybody else
    "169.254.170.2",  # Amazon: containers
    "169.254.170.23",  # Amazon: pods
)
METADATA_IPV6 = (
    "fd00:42::42",  # Scaleway
    "fd00:a9fe:a9fe::1",  # Akamai
    "fd00:c1::a9fe:a9fe",  # Oracle
    "fd00:ec2::23",  # Amazon: pods
    "fd00:ec2::254",  # Amazon
    "fd20:ce::254",  # Google
    "fe80::a9fe:a9fe",  # OpenStack
)
"""Where clouds tell a machine about itself, by their own documentation."""


@dataclass(frozen=True)
class Wall:
    """The rules of one app; its own table, file and unit, so that none can take another's away."""

    places: AppPlaces
    reach: Sequence[str] = ()
    """As the settings have it."""
    others: Mapping[str, AppPlaces] | None = None
    """The other apps that it reaches."""
    guests: Sequence[str] = ()
    """The users of other apps that reach it."""
    indexes: Sequence[Endpoint] = ()
    """Package indexes of its builds, as far as they are at addresses."""
    has_front: bool = False
    """Whether something stands before the server whose networks the proxy believes."""

    @property
    def app(self) -> str:
        return self.places.app

    @property
    def path(self) -> str:
        return rules_of(self.app)

    @property
    def ports(self) -> list[int]:
        return ports_of(self.places)

    @property
    def users(self) -> list[str]:
        """The users whose numbers the rules are made of."""
        return ["root", proxies.USER, self.places.user, *self.guests]

    def files(self, numbers: Mapping[str, int | None]) -> list[File]:
        """Render the rules, and what loads them after a flush of all rules.

        Args:
            numbers: the users'; of one that is still to be made, its name stands there instead.

        """
        return [
            File(self.path, self.rules(numbers)),
            File(
                flushing_of(self.app),
                render("firewall/nftables.service.d.conf.j2", rules=self.path),
                ours=UNIT,
            ),
        ]

    def rules(self, numbers: Mapping[str, int | None]) -> str:
        """Render the rules, each marked with the digest of them all, by which the kernel's are known."""
        return marked(lambda mark: self._rules(numbers, comment(mark)))

    def _rules(self, numbers: Mapping[str, int | None], mark: str) -> str:
        def number(user: str) -> str:
            found = numbers.get(user)
            return f'"{user}"' if found is None else str(found)

        services = [SERVICES[word].port for word in self.reach if word in SERVICES]
        others = [port for places in (self.others or {}).values() for port in ports_of(places)]
        named = [endpoint for word in self.reach for endpoint in endpoints(word)]
        return render(
            "firewall/app.nft.j2",
            table=nft.table_of(self.app),
            user=self.places.user,
            uid=number(self.places.user),
            ports=self.ports,
            callers=[number(user) for user in self.users],
            open_ports=sorted({*self.ports, *others, *filter(None, services)}),
            endpoints=[*named, *self.indexes],
            has_front=self.has_front,
            metadata=METADATA in self.reach,
            metadata_ipv4=METADATA_IPV4,
            metadata_ipv6=METADATA_IPV6,
            mark=mark,
        )


def walls(server: Server) -> list[Wall]:
    """Work out the wall of each app."""
    all_places = {app: AppPlaces(app, server.port(app)) for app in sorted(server.apps)}

    def wall(app: str, settings: App) -> Wall:
        guests = [all_places[other].user for other in all_places if app in server.apps[other].reach]
        others = {word: all_places[word] for word in settings.reach if word in all_places}
        indexes = tuple(_indexes(settings.indexes))
        return Wall(all_places[app], settings.reach, others, guests, indexes, server.edge is not None)

    return [wall(app, server.apps[app]) for app in all_places]


def ports_of(places: AppPlaces) -> list[int]:
    """List the ports of an app's slots."""
    return [places.slot_port(slot) for slot in SLOTS]


def _indexes(indexes: Indexes) -> list[Endpoint]:
    """Find those at addresses; what a name leads to is known to the machine alone."""
    found: list[Endpoint] = []
    for url in filter(None, (indexes.default_url, *indexes.extra_urls)):
        parts = urlsplit(url)
        host = str(parts.hostname)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        try:
            word = f"[{host}]:{port}" if ip_address(host).version == 6 else f"{host}:{port}"
        except ValueError:
            if host != "localhost":
                continue
            word = f"{host}:{port}"
        found += endpoints(word)
    return found

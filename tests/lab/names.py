"""Names under .test, which only the lab knows; all others are the internet's.

challtestsrv answers for .test, to the CA directly. The servers ask dnsmasq on the host's side of the bridge,
which sends .test there and the rest to the host's own resolvers.
"""

import json
import re
import socket
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path

from tests.lab import debian, images
from tests.lab.disks import write_record
from tests.lab.errors import LabError
from tests.lab.layout import Layout
from tests.lab.services import Service, in_image
from tests.lab.subnets import CA, HOST, Subnet
from tests.lab.waiting import until

DNS_PORT = 8053
MANAGEMENT_PORT = 8055
DOMAIN = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+test")
START_SECONDS = 20.0


@dataclass(frozen=True)
class Names:
    layout: Layout
    subnet: Subnet
    namespace: str  # where the CA is, too

    @property
    def server(self) -> str:
        """The address that answers for .test."""
        return f"{self.subnet.address(CA)}:{DNS_PORT}"

    @property
    def running(self) -> bool:
        return self._mock.running

    def start(self) -> None:
        """Start what does not run; the records set before are set again."""
        mock, resolver = self._mock, Service("resolver", self.layout)
        if not mock.running:
            mock.start(self._challtestsrv())
        until(self._manageable, within=START_SECONDS, otherwise=mock.last_words)
        for name, addresses in self.records().items():
            self._tell(name, addresses)
        if not resolver.running:
            resolver.start(self._dnsmasq())
        until(lambda: self._listens(resolver), within=START_SECONDS, otherwise=resolver.last_words)

    def records(self) -> dict[str, list[str]]:
        try:
            found: dict[str, list[str]] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return found

    def set(self, name: str, *addresses: str) -> None:
        """The name has these addresses, IPv4 and IPv6 mixed, and no others; none at all removes it."""
        name = name.lower().rstrip(".")
        if not DOMAIN.fullmatch(name):
            msg = f"{name!r} is not a name under .test, such as app.test"
            raise LabError(msg)
        for address in addresses:
            try:
                ip_address(address)
            except ValueError as error:
                msg = f"{address!r} is not an IP address"
                raise LabError(msg) from error
        records = self.records()
        records.pop(name, None)
        if addresses:
            records[name] = list(addresses)
        write_record(self._file, dict(records))
        self._tell(name, addresses)

    @property
    def _mock(self) -> Service:
        return Service("names", self.layout)

    @property
    def _file(self) -> Path:
        return self.layout.state / "names.json"

    def _challtestsrv(self) -> list[str | Path]:
        folder = self.layout.state / "names"
        folder.mkdir(exist_ok=True)
        # Empty switches an answer or a responder off: no name has an address unless it was given one.
        off = [
            f"-{flag}=" for flag in ("defaultIPv4", "defaultIPv6", "http01", "https01", "tlsalpn01", "doh")
        ]
        command = ["pebble-challtestsrv", f"-dns01=:{DNS_PORT}", f"-management=:{MANAGEMENT_PORT}", *off]
        return in_image(images.image(self.layout, "ca", debian.DEFAULT), self.namespace, folder, command)

    def _dnsmasq(self) -> list[str | Path]:
        return [
            *["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--log-facility=-"],
            *["--no-hosts", "--cache-size=0", "--bind-interfaces", "--except-interface=lo"],
            f"--listen-address={self.subnet.address(HOST)}",
            f"--listen-address={self.subnet.address6(HOST)}",
            f"--server=/test/{self.subnet.address(CA)}#{DNS_PORT}",
        ]

    def _listens(self, resolver: Service) -> bool:
        if not resolver.running:
            raise LabError(resolver.last_words())
        with socket.socket() as probe:
            return probe.connect_ex((str(self.subnet.address(HOST)), 53)) == 0

    def _tell(self, name: str, addresses: tuple[str, ...] | list[str]) -> None:
        for kind, version in (("a", 4), ("aaaa", 6)):
            self._post(f"clear-{kind}", {"host": name})
            wanted = [address for address in addresses if ip_address(address).version == version]
            if wanted:
                self._post(f"add-{kind}", {"host": name, "addresses": wanted})

    def _post(self, action: str, body: dict[str, object]) -> None:
        with closing(HTTPConnection(str(self.subnet.address(CA)), MANAGEMENT_PORT, timeout=5)) as connection:
            try:
                connection.request("POST", f"/{action}", json.dumps(body))
                status = connection.getresponse().status
            except (OSError, HTTPException) as error:
                msg = (
                    f"the lab's name server does not answer ({error}): python -m tests.lab up starts it again"
                )
                raise LabError(msg) from error
        if status != HTTPStatus.OK:
            msg = f"the lab's name server refuses {action} {body}: {status}"
            raise LabError(msg)

    def _manageable(self) -> bool:
        try:
            self._post("clear-a", {"host": "ready.test"})
        except LabError:
            if not self.running:
                raise LabError(self._mock.last_words()) from None
            return False
        return True

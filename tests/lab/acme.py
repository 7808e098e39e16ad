"""The lab's certificate authority: pebble, speaking ACME as Let's Encrypt does."""

import json
import ssl
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from tests.lab import debian, images, network
from tests.lab.disks import write_record
from tests.lab.errors import LabError
from tests.lab.layout import Layout
from tests.lab.services import Service, in_image
from tests.lab.subnets import CA, Subnet
from tests.lab.waiting import until

DIRECTORY_PORT = 14000
MANAGEMENT_PORT = 15000
START_SECONDS = 20.0
# Seconds that a certificate is valid, by profile. Let's Encrypt's, and one that expires while a test watches.
PROFILES = {
    "default": 90 * 86400,
    "classic64": 64 * 86400,
    "tlsserver": 45 * 86400,
    "shortlived": 160 * 3600,
    "minutes": 10 * 60,
}
BLOCKED = ["blocked.test"]
# Fixed and published: what it guards is a throw-away CA.
EAB_KEY_ID = "gatehouse-lab"
EAB_HMAC_KEY = "Z2F0ZWhvdXNlLWxhYi1leHRlcm5hbC1hY2NvdW50LWs"


@dataclass(frozen=True)
class CaOptions:
    """How the CA behaves; pebble's own version by the Debian release it is taken from."""

    debian: str = debian.DEFAULT
    nonce_reject: int = 0
    eab: bool = False
    profiles: tuple[str, ...] = tuple(PROFILES)
    resolver: str | None = None  # ADDRESS:PORT that it asks for names instead of the lab's
    stopped: bool = False


@dataclass(frozen=True)
class CertificateAuthority:
    layout: Layout
    subnet: Subnet
    namespace: str
    resolver: str
    name: str = "ca"
    directory_port: int = DIRECTORY_PORT
    management_port: int = MANAGEMENT_PORT

    @property
    def directory(self) -> str:
        """The URL that ACME clients are given."""
        return f"https://{self.subnet.address(CA)}:{self.directory_port}/dir"

    @property
    def management(self) -> str:
        return f"https://{self.subnet.address(CA)}:{self.management_port}"

    @property
    def folder(self) -> Path:
        return self.layout.state / self.name

    @property
    def bundle(self) -> Path:
        """What a client must trust to speak to the directory."""
        return self.folder / "directory-bundle.pem"

    @property
    def root(self) -> Path:
        """The root above the certificates it issues; another one after each start."""
        return self.folder / "root.pem"

    @property
    def running(self) -> bool:
        """Whether it answers."""
        return self.alive and not self.is_stopped

    @property
    def is_stopped(self) -> bool:
        """Stopped by `stop`, not by a crash."""
        return self.options is not None and self.options.stopped

    @property
    def orders(self) -> int:
        """How many orders its log tells of."""
        return self._service.log.read_text().count("Added order ")

    @property
    def options(self) -> CaOptions | None:
        try:
            known = json.loads(self._record.read_text())
        except FileNotFoundError:
            return None
        return CaOptions(**{**known, "profiles": tuple(known["profiles"])})

    def start(self, chosen: CaOptions) -> None:
        """Start it afresh: accounts, orders and the former root are gone."""
        for profile in chosen.profiles:
            if profile not in PROFILES:
                msg = f"profile {profile!r}: use {', '.join(PROFILES)}"
                raise LabError(msg)
        self._service.stop()
        self.root.unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_record(self._record, asdict(chosen))
        network.refuse(self.namespace, self.name, [])
        make_listener(self.folder, self.bundle, [self.subnet.address(CA), self.subnet.address6(CA)])
        write_record(self.folder / "pebble.json", {"pebble": self._config(chosen)})
        image = images.image(self.layout, "ca", chosen.debian)
        command = ["pebble", "-config=/srv/pebble.json", f"-dnsserver={chosen.resolver or self.resolver}"]
        self._service.start(
            in_image(image, self.namespace, self.folder, command),
            # No pause before a validation, and each order is validated anew.
            env={
                "PEBBLE_VA_NOSLEEP": "1",
                "PEBBLE_AUTHZREUSE": "0",
                "PEBBLE_WFE_NONCEREJECT": str(chosen.nonce_reject),
            },
        )
        self.root.write_text(
            until(self._fetch_root, within=START_SECONDS, otherwise=self._service.last_words)
        )

    def stop(self) -> None:
        """A CA that is down: connections are refused, and nothing is forgotten."""
        write_record(self._record, asdict(replace(self.options or CaOptions(), stopped=True)))
        network.refuse(self.namespace, self.name, [self.directory_port, self.management_port])

    def resume(self) -> None:
        """The end of `stop`."""
        chosen = replace(self.options or CaOptions(), stopped=False)
        if not self.alive:
            self.start(chosen)
        write_record(self._record, asdict(chosen))
        network.refuse(self.namespace, self.name, [])

    @property
    def alive(self) -> bool:
        """Whether it is there, answering or stopped; its root is stored last, else its start was cut off."""
        return self._service.running and self.root.exists()

    @property
    def _service(self) -> Service:
        return Service(self.name, self.layout)

    @property
    def _record(self) -> Path:
        return self.folder / "options.json"

    def _config(self, options: CaOptions) -> dict[str, object]:
        ports = {"listenAddress": self.directory_port, "managementListenAddress": self.management_port}
        return pebble_config(options) | {key: f"0.0.0.0:{port}" for key, port in ports.items()}

    def _fetch_root(self) -> str:
        trust = ssl.create_default_context(cafile=self.bundle)
        connection = HTTPSConnection(
            str(self.subnet.address(CA)), self.management_port, context=trust, timeout=5
        )
        with closing(connection):
            try:
                connection.request("GET", "/roots/0")
                return connection.getresponse().read().decode()
            except (OSError, HTTPException):
                if not self._service.running:
                    raise LabError(self._service.last_words()) from None
                return ""


def make_listener(folder: Path, bundle: Path, addresses: Sequence[IPv4Address | IPv6Address]) -> None:
    """The certificate that the directory itself is served with, kept while the address is the same."""
    certificate = folder / "directory.pem"
    made_for = folder / "directory.addresses"
    wanted = " ".join(str(address) for address in addresses)
    if made_for.exists() and made_for.read_text() == wanted:
        return
    try:
        import trustme  # noqa: PLC0415 -- its absence is to be one line, and a keeper runs without it
    except ModuleNotFoundError as error:
        msg = f"{error.name} is not installed: make tools"
        raise LabError(msg) from error
    authority = trustme.CA(organization_name="gatehouse lab")
    own = authority.issue_cert(*(str(address) for address in addresses))
    own.private_key_pem.write_to_path(folder / "directory.key")
    certificate.write_bytes(b"".join(blob.bytes() for blob in own.cert_chain_pems))
    authority.cert_pem.write_to_path(bundle)
    made_for.write_text(wanted)


def pebble_config(options: CaOptions) -> dict[str, object]:
    """One file for every version: what a version does not know, it ignores."""
    return {
        "certificate": "/srv/directory.pem",
        "privateKey": "/srv/directory.key",
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": options.eab,
        "externalAccountMACKeys": {EAB_KEY_ID: EAB_HMAC_KEY} if options.eab else {},
        "domainBlocklist": BLOCKED,
        "retryAfter": {"authz": 1, "order": 1},
        "certificateValidityPeriod": PROFILES[options.profiles[0]],
        "profiles": {
            name: {"description": f"valid for {PROFILES[name]} seconds", "validityPeriod": PROFILES[name]}
            for name in options.profiles
        },
    }

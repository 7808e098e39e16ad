"""What the cached images consist of."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

from deploys.apps import arguments
from tests.lab import debian, trust

# A bare server: a provider's smallest image, with nothing that would let provisioning pass by accident.
SERVER_PACKAGES = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "python3-minimal",
    "iproute2",
    "sudo",
    "ca-certificates",
)
# What gatehouse installs first, so that a server is provisioned in a third of the time.
FURNITURE = ("certbot", "dbus", "logrotate", "nftables", "openssl", "python3", "python3-venv")
PROXY = ("nginx",)
# What a container may not do, though a real server does: forky would read as degraded for it.
MASKED_UNITS = ("dev-hugepages.mount",)
# Only the two programs and the libraries they load; base-files brings the folders' symlinks.
CA_PACKAGES = ("base-files", "pebble")

Kind = Literal["server", "furnished", "without-proxy", "ca"]
PACKAGES: dict[Kind, tuple[str, ...]] = {
    "server": SERVER_PACKAGES,
    "furnished": SERVER_PACKAGES + FURNITURE + PROXY,
    # nginx begins to listen as it is installed, and so would be in another proxy's way.
    "without-proxy": SERVER_PACKAGES + FURNITURE,
    "ca": CA_PACKAGES,
}


@dataclass(frozen=True)
class Recipe:
    kind: Kind
    debian: str
    packages: tuple[str, ...]
    sources: tuple[str, ...]
    options: tuple[str, ...]
    certificates: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    masked_units: tuple[str, ...] = ()
    uv: tuple[tuple[str, str], ...] = ()
    """Where uv is installed, and its version and digests as pip reads them."""

    @property
    def image(self) -> str:
        """The name of the image: another recipe is another image."""
        digest = hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()
        return f"{self.kind}-{self.debian}-{digest[:12]}"

    @property
    def variant(self) -> str:
        return "extract" if self.kind == "ca" else "apt"


def recipe(kind: Kind, release: str) -> Recipe:
    lines = tuple(debian.sources(release, _mirror()))
    # A mirror that stands still serves a testing release past its date, to the server's own apt as well.
    options = () if debian.RELEASES[release].stable else ('Acquire::Check-Valid-Until "false";',)
    if kind == "ca":
        return Recipe(kind, release, PACKAGES[kind], lines, options)
    pip = trust.host_pip_settings()
    return Recipe(
        kind,
        release,
        PACKAGES[kind],
        lines,
        options,
        tuple(trust.local_certificates()),
        (("etc/pip.conf", trust.pip_settings(pip)), ("etc/uv/uv.toml", trust.uv_settings(pip))),
        MASKED_UNITS,
        () if kind == "server" else tuple(arguments.uv().items()),
    )


@cache
def _mirror() -> debian.Mirror:
    return debian.host_mirror()

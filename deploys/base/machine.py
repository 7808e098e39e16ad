"""What the machine is: the part of the host that the configuration may depend on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pyinfra.api.command import StringCommand
from pyinfra.api.facts import FactBase
from pyinfra.context import host

from deploys import remote
from deploys.config.proxies import ProxyName
from deploys.refusal import Refusal

_SUPPORTED = {
    ("debian", "12"): {"openssl": "3.0.17", "certbot": "2.1.0"},
    ("debian", "13"): {"openssl": "3.5.1", "certbot": "4.0.0"},
    ("debian", ""): {"openssl": "3.5.1", "certbot": "5.5.0"},
    ("ubuntu", "22.04"): {"openssl": "3.0.2", "certbot": "1.21.0"},
    ("ubuntu", "24.04"): {"openssl": "3.0.13", "certbot": "2.9.0"},
}
"""What each release installs: only read where the machine itself cannot say yet."""

_PROXIES = get_args(ProxyName)
_PACKAGES = " ".join((*_PROXIES, "openssl", "certbot"))
_SCRIPT = (
    f"packages='{_PACKAGES}'"
    + r"""
. /etc/os-release
echo "user $(/usr/bin/id -u)"
echo "distribution $ID"
echo "release ${VERSION_ID:-}"
echo "codename ${VERSION_CODENAME:-}"
! /usr/bin/grep -qs . /proc/net/if_inet6 || echo "ipv6 yes"
/usr/bin/apt-cache policy $packages 2>/dev/null | /usr/bin/awk '
  /^[^ ]/ { package = $1; sub(":", "", package) }
  $1 == "Installed:" && $2 != "(none)" { print "package", package, $2; done[package] = 1 }
  $1 == "Candidate:" && $2 != "(none)" && !done[package] { print "package", package, $2 }'
"""
)


@dataclass(frozen=True)
class Machine:
    """A host's operating system and the versions, installed or to be installed, that matter here."""

    distribution: str
    release: str
    """`12`, `24.04`; empty for Debian's testing and unstable."""
    codename: str
    openssl: tuple[int, ...]
    certbot: tuple[int, ...]
    ipv6: bool
    proxies: Mapping[str, tuple[int, ...]]
    """Of the proxies that it has, or could install."""

    @property
    def restarts_are_failures(self) -> bool:
        """Whether systemd takes what it starts again for failed, and can wait longer each time (254)."""
        return (self.distribution, self.release) not in {("debian", "12"), ("ubuntu", "22.04")}


class Facts(FactBase[dict[str, Any]]):
    """The machine's own words, by key; `package` is a table of versions."""

    @staticmethod
    def default() -> dict[str, Any]:
        return {}

    def command(self) -> StringCommand:
        return remote.script(_SCRIPT)

    def process(self, output: list[str]) -> dict[str, Any]:
        facts: dict[str, Any] = {"package": {}}
        for line in output:
            key, _, value = line.partition(" ")
            if key == "package":
                package, _, version = value.partition(" ")
                facts["package"][package] = version
            else:
                facts[key] = value
        return facts


def machine() -> Machine:
    """Ask the host in context what it is.

    Raises:
        Refusal: it is no machine that gatehouse knows, or we may not change it.

    """
    return machine_from(host.get_fact(Facts), host.name)


def machine_from(facts: dict[str, Any], name: str) -> Machine:
    """Make a `Machine` of what was found on the host of that name.

    Raises:
        Refusal: it is no machine that gatehouse knows, or we may not change it.

    """
    if "distribution" not in facts:
        raise Refusal(f"{name}: did not say what it is; gatehouse needs /etc/os-release there")
    if facts.get("user") != "0":
        raise Refusal(f"{name}: connected without root's rights; set ssh_user = 'root', or _sudo = True")
    usual = _SUPPORTED.get((facts["distribution"], facts["release"]))
    if usual is None:
        known = ", ".join(f"{distribution} {release}".strip() for distribution, release in _SUPPORTED)
        raise Refusal(f"{name}: runs {facts['distribution']} {facts['release']}; gatehouse knows {known}")
    versions = {key: _version(text) for key, text in (usual | facts["package"]).items()}
    return Machine(
        distribution=facts["distribution"],
        release=facts["release"],
        codename=facts["codename"],
        openssl=versions["openssl"],
        certbot=versions["certbot"],
        ipv6="ipv6" in facts,
        proxies={name: versions[name] for name in _PROXIES if name in versions},
    )


def _version(text: str) -> tuple[int, ...]:
    upstream = text.rpartition(":")[2].partition("-")[0]
    return tuple(int(part) for part in upstream.split("+")[0].split("~")[0].split(".") if part.isdigit())

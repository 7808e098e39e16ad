"""What the machine is: the part of the host that the configuration may depend on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyinfra.context import host

from deploys import looks
from deploys.config.proxies import OF_DEBIAN
from deploys.looks import Script
from deploys.refusal import Refusal

_SUPPORTED = {
    ("debian", "12"): {"openssl": "3.0.17", "certbot": "2.1.0"},
    ("debian", "13"): {"openssl": "3.5.1", "certbot": "4.0.0"},
    ("debian", ""): {"openssl": "3.5.1", "certbot": "5.5.0"},
    ("ubuntu", "22.04"): {"openssl": "3.0.2", "certbot": "1.21.0"},
    ("ubuntu", "24.04"): {"openssl": "3.0.13", "certbot": "2.9.0"},
}
"""What each release installs: only read where the machine itself cannot say yet."""

_PACKAGES = " ".join((*OF_DEBIAN, "openssl", "certbot"))
LOOK = Script(
    f"packages='{_PACKAGES}'"
    + r"""
. /etc/os-release
echo "user $(/usr/bin/id -u)"
echo "distribution $ID"
echo "release ${VERSION_ID:-}"
echo "codename ${VERSION_CODENAME:-}"
! /usr/bin/grep -qs . /proc/net/if_inet6 || echo "ipv6 yes"
installed=$(/usr/bin/dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' $packages 2>/dev/null |
  /usr/bin/awk '/^.i/ { print "package", $2, $3 }')
[ -z "$installed" ] || echo "$installed"
missing=
for package in $packages; do
  case $installed in *"package $package "*) ;; *) missing="$missing $package" ;; esac
done
[ -z "$missing" ] || /usr/bin/apt-cache policy $missing 2>/dev/null | /usr/bin/awk '
  /^[^ ]/ { package = $1; sub(":", "", package) }
  $1 == "Candidate:" && $2 != "(none)" { print "package", package, $2 }'
"""
)
"""The machine's own words; apt-cache, which is slow, is asked of what dpkg does not have."""


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
    """Of the proxies whose package it has, or could install."""

    @property
    def restarts_are_failures(self) -> bool:
        """Whether systemd takes what it starts again for failed, and can wait longer each time (254)."""
        return (self.distribution, self.release) not in {("debian", "12"), ("ubuntu", "22.04")}


def machine() -> Machine:
    """Ask the host in context what it is.

    Raises:
        Refusal: it is no machine that gatehouse knows, or we may not change it.

    """
    return machine_from(looks.at(LOOK), host.name)


def as_root() -> None:
    """See that we may look at all that is there, and change it, whatever the host in context is.

    Raises:
        Refusal: we may not.

    """
    refuse_others_than_root(looks.at(LOOK), host.name)


def refuse_others_than_root(lines: Iterable[str], name: str) -> None:
    """Refuse what the host of that name said where it was asked by a user without root's rights.

    Raises:
        Refusal: it was, or it did not say.

    """
    facts, _ = _facts(lines)
    if "distribution" not in facts:
        raise Refusal(f"{name}: did not say what it is; gatehouse needs /etc/os-release there")
    if facts.get("user") != "0":
        raise Refusal(f"{name}: connected without root's rights; set ssh_user = 'root', or _sudo = True")


def machine_from(lines: Iterable[str], name: str) -> Machine:
    """Make a `Machine` of what the host of that name said.

    Raises:
        Refusal: it is no machine that gatehouse knows, or we may not change it.

    """
    lines = [*lines]
    refuse_others_than_root(lines, name)
    facts, packages = _facts(lines)
    usual = _SUPPORTED.get((facts["distribution"], facts["release"]))
    if usual is None:
        known = ", ".join(f"{distribution} {release}".strip() for distribution, release in _SUPPORTED)
        raise Refusal(f"{name}: runs {facts['distribution']} {facts['release']}; gatehouse knows {known}")
    versions = {key: _version(text) for key, text in (usual | packages).items()}
    return Machine(
        distribution=facts["distribution"],
        release=facts["release"],
        codename=facts["codename"],
        openssl=versions["openssl"],
        certbot=versions["certbot"],
        ipv6="ipv6" in facts,
        proxies={name: versions[name] for name in OF_DEBIAN if name in versions},
    )


def _facts(lines: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Read the machine's words, by key, and the versions of packages."""
    facts, packages = {}, {}
    for line in lines:
        key, _, value = line.partition(" ")
        if key == "package":
            package, _, packages[package] = value.partition(" ")
        else:
            facts[key] = value
    return facts, packages


def _version(text: str) -> tuple[int, ...]:
    upstream = text.rpartition(":")[2].partition("-")[0]
    return tuple(int(part) for part in upstream.split("+")[0].split("~")[0].split(".") if part.isdigit())

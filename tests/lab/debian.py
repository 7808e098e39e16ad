"""The Debian releases the lab knows, and where the host gets Debian from."""

import logging
from dataclasses import dataclass

from tests.lab.errors import LabError
from tests.lab.shell import run

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


log = logging.getLogger("gatehouse.lab")


@dataclass(frozen=True)
class Release:
    codename: str
    stable: bool


RELEASES = {
    "12": Release("bookworm", stable=True),
    "13": Release("trixie", stable=True),
    "forky": Release("forky", stable=False),
}
DEFAULT = "13"


@dataclass(frozen=True)
class Mirror:
    archive: str
    security: str | None


def host_mirror() -> Mirror:
    """The mirror that the host's own apt is set to, so that the lab names none."""
    sites = _indexed_sites()
    if "Debian" not in sites:
        log.info("reading the host's package lists")
        run(["apt-get", "update", "-qq"])
        sites = _indexed_sites()
    if "Debian" not in sites:
        msg = "apt on this host knows no Debian mirror: the lab needs a Debian host with package sources"
        raise LabError(msg)
    return Mirror(sites["Debian"], sites.get("Debian-Security"))


def sources(debian: str, mirror: Mirror) -> list[str]:
    release = RELEASES[debian]
    lines = [_line(mirror.archive, release.codename)]
    if release.stable:
        lines.append(_line(mirror.archive, f"{release.codename}-updates"))
        if mirror.security:
            lines.append(_line(mirror.security, f"{release.codename}-security"))
    return lines


def _line(site: str, suite: str) -> str:
    return f"deb [signed-by={KEYRING}] {site} {suite} main"


def _indexed_sites() -> dict[str, str]:
    """Label of an archive -> its address; the first one listed counts."""
    listing = run(
        ["apt-get", "indextargets", "--format", "$(LABEL)|$(ORIGIN)|$(REPO_URI)", "Created-By: Packages"]
    )
    sites: dict[str, str] = {}
    for line in listing.splitlines():
        label, origin, site = line.split("|", 2)
        if origin == "Debian":
            sites.setdefault(label, site)
    return sites

"""The Debian packages that the lab needs on the host."""

import logging
import os
import shutil
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.shell import run, succeeds

PACKAGE_OF = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "nft": "nftables",
    "ip": "iproute2",
    "sysctl": "procps",
    "ssh": "openssh-client",
    "dnsmasq": "dnsmasq-base",
    "unshare": "util-linux",
    "umount": "mount",
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

log = logging.getLogger("gatehouse.lab")


def require_root() -> None:
    if os.geteuid() != 0:
        msg = "the lab makes network namespaces and boots servers: run it as root"
        raise LabError(msg)
    # A root shell by su has the caller's PATH.
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def missing_packages() -> list[str]:
    missing = {package for program, package in PACKAGE_OF.items() if shutil.which(program) is None}
    if not KEYRING.exists():
        missing.add("debian-archive-keyring")
    return sorted(missing)


def install_missing() -> None:
    if not (missing := missing_packages()):
        return
    if shutil.which("apt-get") is None:
        msg = f"missing on this host: {', '.join(missing)}; only on Debian can the lab install them itself"
        raise LabError(msg)
    log.info("installing on this host: %s", " ".join(missing))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not succeeds(["apt-cache", "show", "--quiet", "--", *missing]):
        run(["apt-get", "update", "--quiet"], env=environment)
    run(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing], env=environment)

"""Debian packages, installed when one is missing."""

from collections.abc import Collection, Generator

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host

from deploys import looks, remote
from deploys.base.onhost import packages as packages_onhost
from deploys.looks import Look

LOOK = Look(packages_onhost, bare=[])
"""The names of all that are installed: which ones are wanted may depend on what the machine is."""


@operation()
def install(packages: Collection[str]) -> Generator[StringCommand, None, None]:
    """Install the packages that are missing, keeping configuration files as they are.

    Args:
        packages: names of Debian packages.

    """
    missing = sorted({*packages} - {*looks.at(LOOK)})
    if not missing:
        host.noop("packages are installed")
        return
    yield remote.script(_PATIENT_APT, "update")
    yield remote.script(_PATIENT_APT, "install", "--no-install-recommends", *missing)


# A fresh server runs apt by itself soon after its first boot, and apt-get does not wait for its lock.
# needrestart would restart apps and the proxy under load; it lists, where it is too old to be suspended.
_PATIENT_APT = """
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l
attempts=0
until said=$(/usr/bin/apt-get -qq -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@" 2>&1); do
  case $said in *"Could not get lock"*) attempts=$((attempts + 1)) ;; *) attempts=1000 ;; esac
  if [ $attempts -gt 100 ]; then echo "$said" | /usr/bin/grep -E "^(E|W):|^dpkg: error" >&2; exit 100; fi
  /usr/bin/sleep 3
done
"""

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
_PATIENT_APT = r"""
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l LC_ALL=C.UTF-8
follow() {
  wrong=
  while IFS= read -r line; do
    case $line in
      "ended 0") return 0 ;;
      "ended "*)
        case $wrong in *"Could not get lock"*) [ $attempts -gt 100 ] || return 75 ;; esac
        printf '%s' "$wrong" >&2
        return 100 ;;
      "E: "* | "W: "* | "dpkg: error"*) wrong=$wrong$line'
' ;;
      "Need to get "* | "Unpacking "* | "Setting up "*) printf '%s\n' "$line" ;;
    esac
  done
}
attempts=0
while :; do
  {
    /usr/bin/apt-get -q -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@" 2>&1
    echo "ended $?"
  } | follow
  ended=$?
  attempts=$((attempts + 1))
  [ $ended = 75 ] || exit $ended
  [ $attempts != 1 ] || echo "waiting for another apt to end"
  /usr/bin/sleep 3
done
"""

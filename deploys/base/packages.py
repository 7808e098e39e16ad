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
    yield remote.script(PATIENT, _APT_GET, "update")
    yield remote.script(PATIENT, _APT_GET, "install", "--no-install-recommends", *missing)


_APT_GET = "/usr/bin/apt-get"

# A fresh server runs apt by itself soon after its first boot, and apt-get does not wait for its lock.
# needrestart would restart apps and the proxy under load; it lists, where it is too old to be suspended.
# The status comes last and in a line of its own, whatever a package has written without an end to its line.
PATIENT = r"""
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l LC_ALL=C.UTF-8
line_feed='
'
follow() {
  wrong= last=
  while IFS= read -r line; do
    last=$line
    case $line in
      "E: "* | "W: "* | "dpkg: error"*) wrong=$wrong$line$line_feed ;;
      "Need to get "* | "Unpacking "* | "Setting up "*) printf '%s\n' "$line" ;;
    esac
  done
  case $last in
    "-- ended 0") return 0 ;;
    "-- ended "*) case $wrong in *"Could not get lock"*) [ $attempts -gt 100 ] || return 75 ;; esac ;;
    *) wrong="${wrong}E: $apt_get was cut off$line_feed" ;;
  esac
  printf '%s' "${wrong:-E: $apt_get ${last#-- }$line_feed}" >&2
  return 100
}
apt_get=$1
shift
attempts=0
while :; do
  {
    "$apt_get" -q -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@" 2>&1
    printf '\n-- ended %s\n' "$?"
  } | follow
  ended=$?
  attempts=$((attempts + 1))
  [ $ended = 75 ] || exit $ended
  [ $attempts != 1 ] || echo "waiting for another apt to end"
  /usr/bin/sleep 3
done
"""

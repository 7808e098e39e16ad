"""Debian packages, installed when one is missing."""

from collections.abc import Collection, Generator

from pyinfra.api.command import StringCommand
from pyinfra.api.facts import FactBase
from pyinfra.api.operation import operation
from pyinfra.context import host

from deploys import connection, remote


class Installed(FactBase[frozenset[str]]):
    """The names of the installed packages among those asked for."""

    @staticmethod
    def default() -> frozenset[str]:
        return frozenset()

    def command(self, packages: Collection[str]) -> StringCommand:
        query = ("-W", "-f", "${db:Status-Abbrev} ${Package}\\n", *packages)
        return StringCommand(remote.program("/usr/bin/dpkg-query", *query), "2>/dev/null", "||", "true")

    def process(self, output: list[str]) -> frozenset[str]:
        return frozenset(line.split()[1] for line in output if line[1:2] == "i")


@operation()
def install(packages: Collection[str]) -> Generator[StringCommand, None, None]:
    """Install the packages that are missing, keeping configuration files as they are.

    Args:
        packages: names of Debian packages.

    """
    wanted = sorted(set(packages))
    installed: frozenset[str] = connection.ask(Installed, packages=wanted)
    missing = sorted(set(wanted) - installed)
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

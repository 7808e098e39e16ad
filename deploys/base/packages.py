"""Debian packages, installed when one is missing."""

from collections.abc import Collection, Generator

from pyinfra.api.command import QuoteString, StringCommand
from pyinfra.api.facts import FactBase
from pyinfra.api.operation import operation
from pyinfra.context import host


class Installed(FactBase[frozenset[str]]):
    """The names of the installed packages among those asked for."""

    @staticmethod
    def default() -> frozenset[str]:
        return frozenset()

    def command(self, packages: Collection[str]) -> StringCommand:
        names = [QuoteString(package) for package in packages]
        query = ("dpkg-query", "-W", "-f", "'${db:Status-Abbrev} ${Package}\\n'", *names)
        return StringCommand(*query, "2>/dev/null", "||", "true")

    def process(self, output: list[str]) -> frozenset[str]:
        return frozenset(line.split()[1] for line in output if line.startswith("ii"))


@operation()
def install(packages: Collection[str]) -> Generator[StringCommand, None, None]:
    """Install the packages that are missing, keeping configuration files as they are.

    Args:
        packages: names of Debian packages.

    """
    wanted = sorted(set(packages))
    missing = [name for name in wanted if name not in host.get_fact(Installed, packages=wanted)]
    if not missing:
        host.noop("packages are installed")
        return
    yield StringCommand("apt-get", "update", "-q", _env=_ENVIRONMENT)
    yield StringCommand(*_INSTALL, *missing, _env=_ENVIRONMENT)


_INSTALL = (
    *("apt-get", "install", "-q", "-y", "--no-install-recommends"),
    *("-o", "Dpkg::Options::=--force-confold"),
)
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a"}

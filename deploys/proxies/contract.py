"""What the rest of the house knows of a proxy; each has a folder of its own, and a row in `table.py`.

Traffic moves from slot to slot, and a maintenance begins and ends, by marks: files that a proxy looks for at
each request (`places/apps.py`, `places/sites.py`), so that neither needs a reload, and both count at once. To
a proxy that reads what it follows by and by, a mark is an order: it is told (`obey`), and has carried it out
before the former slot drains.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.run import Commands
from deploys.places.owned import Owned
from deploys.proxies import facts
from deploys.proxies.lacks import Lacks
from deploys.routing import Routing


@dataclass(frozen=True)
class Releases:
    """A vendor's releases of a program that is not had from Debian."""

    url: str
    """Of an archive with the program in it, with `{version}` and `{machine}` in it."""
    oldest: tuple[int, ...]
    """The version that the configuration is written for."""


@dataclass(frozen=True)
class Ground:
    """What a proxy finds where it is to run."""

    machine: Machine
    program: str
    """Where its program is; of one of Debian's, the name."""
    predecessors: tuple[str, ...]
    """Units of the other proxies, one of which may have the ports until it begins."""


class Proxy(Protocol):
    """A program that answers on ports 80 and 443; it runs as the user of `places/proxies.py`.

    Or what leads to the apps where there is none, as something before the server does all the rest.
    """

    @property
    def name(self) -> str:
        """As the settings have it, and users know it."""

    @property
    def unit(self) -> str:
        """Its systemd service."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Debian's packages that it needs."""

    @property
    def releases(self) -> Releases | None:
        """Where its vendor has it; None for Debian's own."""

    @property
    def lacks(self) -> Lacks:
        """What it cannot do whatever its version."""

    @property
    def conditions(self) -> Mapping[str, str]:
        """What `refusals` tells of, in words for a table, and why."""

    @property
    def owned(self) -> Owned:
        """What it has on a server by our doing."""

    @property
    def reload(self) -> Commands:
        """Test what is live and have it read again, certificates included."""

    @property
    def obey(self) -> Commands:
        """Have it carry out what marks on the host say, and come back once that is done.

        Nothing, for a proxy that looks for marks at each request. The programs are run where they are there.
        """

    @property
    def in_use(self) -> type[facts.InUse]:
        """What it needs on a host."""

    @property
    def access_log(self) -> type[facts.AccessLog] | None:
        """What it was asked for, summed up as `reports/report.py` asks; None where nobody logs it."""

    @property
    def unlogged(self) -> str:
        """Why there is no access log to sum up; empty where there is one."""

    def refusals(self, server: Server, machine: Machine) -> Iterator[str]:
        """Say what else the settings ask for and it cannot do here, each in a line with its reason."""

    def render(self, routing: Routing, machine: Machine, texts: Mapping[str, str]) -> Mapping[str, str]:
        """Render the whole configuration: contents by path below its own directory. Pure.

        Args:
            routing: the virtual hosts.
            machine: whose versions decide on the syntax.
            texts: the contents of the user's own files, by their paths on the controller.

        """

    def look(self) -> Look:
        """Say what is looked at to make a configuration live."""

    def make_live(self, files: Callable[[], Mapping[str, str]], ground: Ground) -> None:
        """Have the host in context run a configuration, as it is by then, whole or not at all.

        Where another proxy has the ports, it keeps them until the configuration has passed its test, and gets
        them back if this one does not serve then.
        """

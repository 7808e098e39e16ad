"""Traefik: a tree made live by one rename, what is followed made of it, and its own answer as the proof."""

from collections.abc import Callable, Iterator, Mapping

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.run import Commands, outside
from deploys.places.owned import Owned
from deploys.places.proxies import any_program
from deploys.places.systemd import unit_file
from deploys.proxies.contract import Ground, Releases
from deploys.proxies.traefik import operations, refusals
from deploys.proxies.traefik.configuration import files
from deploys.proxies.traefik.lacks import LACKS
from deploys.proxies.traefik.onhost import where
from deploys.routing import Routing


class Traefik:
    """What the rest of the house knows of Traefik."""

    name = "traefik"
    unit = where.UNIT
    packages = ("logrotate",)
    releases = Releases(
        url="https://github.com/traefik/traefik/releases/download/v{version}/traefik_v{version}_linux_{machine}.tar.gz",
        oldest=(3, 7, 15),
    )
    lacks = LACKS
    conditions = refusals.CONDITIONS
    owned = Owned(
        paths=(
            *(str(where.TREES), str(where.LIVE), str(where.RUN), where.LOGROTATE),
            *(where.SETTINGS, where.BEGIN, where.FOLLOW, where.READY, where.ANSWER, any_program("traefik")),
            *(unit_file(unit) for unit in where.UNITS),
        ),
        units=(*where.UNITS,),
        folders=(str(where.FOLDER),),
    )
    # What makes the file that it follows writes where the sandbox of a renewal lets nobody write.
    reload: Commands = (outside(where.FOLLOW),)
    obey: Commands = ((where.FOLLOW,),)
    in_use = operations.InUse
    access_log = operations.AccessLog
    unlogged = ""

    def refusals(self, server: Server, machine: Machine) -> Iterator[str]:
        """Name what it cannot do of what else the settings say."""
        return refusals.refusals(server)

    def render(self, routing: Routing, machine: Machine, texts: Mapping[str, str]) -> dict[str, str]:
        """Render the tree."""
        return files(routing, texts)

    def look(self) -> Look:
        """Look at the live tree, and at what Traefik runs."""
        return operations.look()

    def make_live(self, files: Callable[[], Mapping[str, str]], ground: Ground) -> None:
        """Have Traefik run the tree, whole or not at all."""
        operations.make_live(
            name="Make the Traefik configuration live",
            files=files,
            program=ground.program,
            predecessors=ground.predecessors,
        )

"""Caddy: the whole configuration as one tree, made live by one rename and handed over by root."""

from collections.abc import Callable, Iterator, Mapping

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.run import SYSTEMCTL, Commands
from deploys.places.owned import Owned
from deploys.places.proxies import any_program
from deploys.proxies.caddy import operations
from deploys.proxies.caddy.lacks import CONDITIONS, LACKS, refusals
from deploys.proxies.caddy.onhost import places
from deploys.proxies.caddy.tree import tree
from deploys.proxies.contract import Ground, Releases
from deploys.routing import Routing


class Caddy:
    """What the rest of the house knows of Caddy."""

    name = "caddy"
    unit = places.UNIT
    packages = ("logrotate",)
    releases = Releases(
        url="https://github.com/caddyserver/caddy/releases/download/v{version}/caddy_{version}_linux_{machine}.tar.gz",
        oldest=(2, 11, 0),
    )
    lacks = LACKS
    conditions = CONDITIONS
    owned = Owned(
        paths=(
            *(str(places.UNIT_FILE), str(places.HOME), str(places.SERVE), str(places.LOGROTATE)),
            *(str(places.RUN), any_program("caddy")),
        ),
        units=(places.UNIT,),
    )
    obey: Commands = ()
    reload: Commands = ((SYSTEMCTL, "reload", places.UNIT),)
    in_use = operations.InUse
    access_log = operations.AccessLog
    unlogged = ""

    def refusals(self, server: Server, machine: Machine) -> Iterator[str]:
        """Say what Caddy cannot do for other reasons than that a setting is there."""
        yield from refusals(server)

    def render(self, routing: Routing, machine: Machine, texts: Mapping[str, str]) -> dict[str, str]:
        """Render the tree."""
        return tree(routing, texts)

    def look(self) -> Look:
        """Look at the live tree, and at what Caddy runs."""
        return operations.look()

    def make_live(self, files: Callable[[], Mapping[str, str]], ground: Ground) -> None:
        """Have Caddy run the tree, whole or not at all."""
        operations.make_live(
            name="Make the Caddy configuration live",
            files=files,
            program=ground.program,
            predecessors=ground.predecessors,
        )

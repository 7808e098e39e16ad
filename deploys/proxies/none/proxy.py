"""No proxy: a load balancer in front of the server reaches the apps, led by the firewall."""

import json
from collections.abc import Callable, Iterator, Mapping

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.config.public import WITHOUT_PROXY
from deploys.firewall import front
from deploys.looks import Look
from deploys.onhost.run import Commands
from deploys.places import front as places
from deploys.places.apps import SLOTS
from deploys.proxies.contract import Ground
from deploys.proxies.lacks import Lacks
from deploys.proxies.none import operations
from deploys.routing import Routing


class NoProxy:
    """What the rest of the house knows of a server that has none."""

    name = "none"
    unit = places.UNIT
    packages = ("nftables",)
    releases = None
    lacks: Lacks = WITHOUT_PROXY
    conditions: Mapping[str, str] = {}
    owned = places.OWNED
    reload: Commands = ()
    # Where another program has the ports by now, this one has been told to lead nobody.
    obey: Commands = ((places.PROGRAM,),)
    in_use = operations.InUse
    access_log = None
    unlogged = "nobody here writes an access log: the load balancer's own has every request"

    def refusals(self, server: Server, machine: Machine) -> Iterator[str]:
        """Name nothing: what makes no sense is found in the settings alone."""
        yield from ()

    def render(self, routing: Routing, machine: Machine, texts: Mapping[str, str]) -> dict[str, str]:
        """Render what leads to the apps."""
        ways = {
            one.public.port: {
                "b_is_live": one.places.b_is_live,
                "slots": {
                    slot: {"port": one.places.slot_port(slot), "served": one.places.served(slot)}
                    for slot in SLOTS
                },
            }
            for one in routing.fronts
        }
        return {places.SETTINGS: json.dumps(front.settings(routing.server.balancers, ways), indent=1) + "\n"}

    def look(self) -> Look:
        """Look at what there is of it, and whether the kernel leads as it should."""
        return operations.look()

    def make_live(self, files: Callable[[], Mapping[str, str]], ground: Ground) -> None:
        """Have the kernel lead to the apps; whoever has ports 80 and 443 goes on until it is removed."""
        operations.make_live(name="Lead the load balancer to the apps", files=files)

"""The ways from a load balancer to the apps of a server that has no proxy, as nftables has them. Pure.

A map leads each public port to the slot that has the traffic. Whoever is not the load balancer is refused
there, and the slots listen at 127.0.0.1, where nobody gets from outside: without these rules nothing is open.
"""

from collections.abc import Mapping, Sequence

from deploys.base.files import UNIT as UNIT_OF_OURS
from deploys.base.files import File
from deploys.base.programs import library, program
from deploys.firewall.mark import marked
from deploys.firewall.onhost import front
from deploys.places.front import FLUSHING, PROGRAM, SETTINGS, TABLE, UNIT, UNIT_FILE
from deploys.render import render


def kept() -> list[File]:
    """List what stays on the host to open the ways, and to open them again after a boot or a flush."""
    values = {"program": PROGRAM, "table": TABLE}
    return [
        *library(front),
        program(PROGRAM, front, SETTINGS),
        File(UNIT_FILE, render("firewall/front.service.j2", **values), ours=UNIT_OF_OURS),
        File(FLUSHING, render("firewall/front.conf.j2", **values), ours=UNIT_OF_OURS),
    ]


def rules(balancers: Sequence[str], ports: Sequence[int]) -> str:
    """Render the table; `@elements@` stands for what the map has just then.

    Args:
        balancers: the networks from which connections are led on.
        ports: the public ports.

    """
    values = {"table": TABLE, "balancers": sorted(balancers), "ports": sorted(ports)}
    return marked(lambda mark: render("firewall/front.nft.j2", **values, mark=mark))


def settings(balancers: Sequence[str], ways: Mapping[int, Mapping[str, object]]) -> dict[str, object]:
    """Say what the program on the host goes by.

    Args:
        balancers: the networks from which connections are led on.
        ways: of each public port, the file that gives slot b the traffic, and the port and the mark of
            having had traffic of each slot.

    """
    return {
        "table": TABLE,
        "unit": UNIT,
        "rules": rules(balancers, [*ways]),
        "ways": {str(port): dict(way) for port, way in sorted(ways.items())},
    }

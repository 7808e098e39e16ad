"""The door before the proxy: the kernel lets nobody but the edge reach its ports. Pure."""

from collections.abc import Sequence
from ipaddress import ip_network

from deploys.base.files import UNIT as UNIT_OF_OURS
from deploys.base.files import File
from deploys.config import Server
from deploys.config.edge import FIREWALL
from deploys.firewall.mark import comment, marked
from deploys.places.edge import FLUSHING, RULES, TABLE, UNIT_FILE
from deploys.render import render


def is_wanted(server: Server) -> bool:
    """Say whether there is to be one; where there is no proxy, there is nothing before which it would be."""
    return server.has_proxy and server.edge is not None and server.edge.only == FIREWALL


def files(server: Server) -> list[File]:
    """List what stays on the host to close it, and to close it again after a boot or a flush."""
    if server.edge is None:
        raise ValueError("the settings say who is let in")
    return [
        File(RULES, rules(server.edge.addresses)),
        File(UNIT_FILE, render("firewall/edge.service.j2", rules=RULES), ours=UNIT_OF_OURS),
        File(FLUSHING, render("firewall/nftables.service.d.conf.j2", rules=RULES), ours=UNIT_OF_OURS),
    ]


def rules(networks: Sequence[str]) -> str:
    """Render the table, each rule marked with the digest of them all, by which the kernel's are known.

    Args:
        networks: those that are let in.

    """
    by_version = {
        version: sorted({one for one in networks if ip_network(one).version == version}) for version in (4, 6)
    }
    values = {"table": TABLE, "edges": {version: found for version, found in by_version.items() if found}}
    return marked(lambda mark: render("firewall/edge.nft.j2", **values, mark=comment(mark)))

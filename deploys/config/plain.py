"""A load balancer with the certificates, which speaks plain HTTP to the proxy: what makes no sense there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploys.config.contradiction import Contradiction
from deploys.config.edge import LoadBalancer
from deploys.config.settings import Settings

if TYPE_CHECKING:
    from deploys.config.server import Server

_ITS = "the load balancer has the certificates, and connects over plain HTTP"
_WITHOUT_TLS = ("acme", "tls", "backup")
_OF_SITES = ("certificate", "http3")


def nothing_for_tls(server: "Server") -> Iterator[Contradiction]:
    """Find what is said of TLS on a server that speaks none, and who else would be answered without it."""
    edge = server.edge
    if server.has_certificates or not server.has_proxy or not isinstance(edge, LoadBalancer):
        return
    for key in _WITHOUT_TLS:
        if key in server.model_fields_set and _differs(server, key):
            yield Contradiction((key,), _shown(getattr(server, key)), f"remove it: {_ITS}")
    for domain, site in server.sites.items():
        for key in _OF_SITES:
            if key in site.model_fields_set and _differs(site, key):
                yield Contradiction(("sites", domain, key), _shown(getattr(site, key)), f"remove it: {_ITS}")
    if edge.client_ca:
        yield Contradiction(("edge", "client_ca"), edge.client_ca, f"remove it: {_ITS}")
    if not edge.only:
        remedy = 'write True or "firewall": whoever is beside the load balancer would be answered without TLS'
        yield Contradiction(("edge", "only"), edge.only, remedy)


def _differs(group: Settings, key: str) -> bool:
    return bool(getattr(group, key) != type(group).model_fields[key].default)


def _shown(value: object) -> object:
    return value.model_dump(exclude_unset=True) if isinstance(value, Settings) else value

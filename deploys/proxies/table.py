"""The proxies that gatehouse knows, each a folder of its own and a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.onhost.run import Commands
from deploys.proxies.nginx import deploy as nginx


@dataclass(frozen=True)
class Proxy:
    """What the rest of the house needs to know of a proxy."""

    packages: tuple[str, ...]
    deploy: Callable[[Server, Machine], None]
    """Makes the configuration live, whole or not at all."""
    reload: Commands
    """Test what is live and have it read again, certificates included."""
    access_log: str
    """Where a line of JSON stands for each request; see `reports/report.py` for its keys."""
    in_use: Callable[[], dict[str, list[str]]]
    """Tells what the proxy of the host in context needs now: the names of the `upstreams` to which it sends
    requests, and the directories of the `certificates` that it serves."""


_PROXIES = {
    "nginx": Proxy(nginx.PACKAGES, nginx.deploy, nginx.RELOAD, nginx.ACCESS_LOG, nginx.in_use),
}


def proxy_for(server: Server) -> Proxy:
    """Look up the proxy that the settings name."""
    return _PROXIES[server.proxy]

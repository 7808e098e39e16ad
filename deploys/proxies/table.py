"""The proxies that gatehouse knows, each a folder of its own and a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.proxies.nginx import deploy as nginx


@dataclass(frozen=True)
class Proxy:
    """What the rest of the house needs to know of a proxy."""

    packages: tuple[str, ...]
    deploy: Callable[[Server, Machine], None]
    """Makes the configuration live, whole or not at all."""
    reload: str
    """The shell command that tests what is live and has it read again, certificates included."""
    access_log: str
    """Where a line of JSON stands for each request; see `reports/remote_report.py` for its keys."""
    upstreams: Callable[[], list[str]]
    """Names the upstreams to which the proxy of the host in context sends requests now."""


_PROXIES = {
    "nginx": Proxy(nginx.PACKAGES, nginx.deploy, nginx.RELOAD, nginx.ACCESS_LOG, nginx.upstreams),
}


def proxy_for(server: Server) -> Proxy:
    """Look up the proxy that the settings name."""
    return _PROXIES[server.proxy]

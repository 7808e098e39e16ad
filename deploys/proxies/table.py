"""The proxies that gatehouse knows."""

from collections.abc import Mapping

from deploys.config import Server
from deploys.proxies.contract import Proxy
from deploys.proxies.nginx.proxy import Nginx

PROXIES: Mapping[str, Proxy] = {proxy.name: proxy for proxy in (Nginx(),)}


def proxy_for(server: Server) -> Proxy:
    """Look up the proxy that the settings name."""
    return PROXIES[server.proxy]

"""The proxies that gatehouse knows."""

from collections.abc import Mapping

from deploys.config import Server
from deploys.onhost.run import Commands
from deploys.proxies.caddy.proxy import Caddy
from deploys.proxies.contract import Proxy
from deploys.proxies.nginx.proxy import Nginx
from deploys.proxies.none.proxy import NoProxy
from deploys.proxies.traefik.proxy import Traefik

PROXIES: Mapping[str, Proxy] = {proxy.name: proxy for proxy in (Nginx(), Caddy(), Traefik(), NoProxy())}


OBEY: Commands = tuple(command for proxy in PROXIES.values() for command in proxy.obey)
"""What has whichever proxy serves heed marks: until another one has its ports, that may be one of before."""


def proxy_for(server: Server) -> Proxy:
    """Look up the proxy that the settings name."""
    return PROXIES[server.proxy]

"""From the routing to the files of Caddy's configuration. Pure."""

from collections.abc import Mapping

from deploys.proxies.caddy.config import config, uses, written
from deploys.routing import Routing


def tree(routing: Routing, texts: Mapping[str, str]) -> dict[str, str]:
    """Render the whole configuration: contents by path below its own directory."""
    return {"caddy.json": written(config(routing, texts)), "uses.json": written(uses(routing))}

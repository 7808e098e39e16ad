"""On the host: what Caddy needs of apps and certificates."""

import json

from deploys.onhost import files
from deploys.proxies.caddy.onhost import state


def main(argument: None) -> "dict[str, list[str]]":
    """Read what the tree that is live says of itself; Caddy runs no other for longer than a run takes."""
    live = state.live_tree()
    found: dict[str, list[str]] = json.loads(files.text(live / "uses.json")) if live else {}
    return {"upstreams": found.get("upstreams", []), "certificates": found.get("certificates", [])}

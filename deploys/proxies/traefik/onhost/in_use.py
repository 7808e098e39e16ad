"""On the host: what Traefik needs of apps and certificates."""

import json
from pathlib import Path
from typing import Any

from deploys.proxies.traefik.onhost import choices, tree, where


def main(argument: None) -> dict[str, list[str]]:
    """Look at the tree that is live, by both states of each mark."""
    found = tree.read_live()
    if not found:
        return {"upstreams": [], "certificates": []}
    routing = json.loads(found[where.ROUTING])
    return {"upstreams": upstreams(routing), "certificates": certificates(routing)}


def upstreams(routing: dict[str, Any]) -> list[str]:
    """Name the slots of the apps that are asked; a service is named after its app, and how long that has."""
    parts = [routing[choices.ALWAYS]]
    parts += [what[state] for what in routing[choices.MARKS].values() for state in what]
    services = [name for part in parts for name in part.get("http", {}).get("services", {})]
    apps = {name.partition(":")[0] for name in services if name.startswith("gatehouse-")}
    return sorted(f"{app}-{slot}" for app in apps for slot in "ab")


def certificates(routing: dict[str, Any]) -> list[str]:
    """List the directories of the certificates that are served."""
    return sorted(
        {str(Path(pair["keyFile"]).parent) for pair in routing[choices.ALWAYS]["tls"]["certificates"]}
    )

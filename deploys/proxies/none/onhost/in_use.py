"""On the host: the slots to which the ways lead."""

import os

from deploys.proxies.none.onhost import look


def main(argument: None) -> "dict[str, list[str]]":
    """Name both slots of each app to which a way leads; no certificate is served."""
    ways = (look.read() or {"ways": {}})["ways"]
    apps = [os.path.basename(way["b_is_live"])[: -len("-b")] for way in ways.values()]
    upstreams = [f"gatehouse-{app}-{slot}" for app in sorted(apps) for slot in ("a", "b")]
    return {"upstreams": upstreams, "certificates": []}

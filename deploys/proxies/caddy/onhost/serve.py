"""On the host: what is live, handed over to the Caddy that runs, certificates and their keys included.

Caddy has no right to read the keys; root reads them, and puts them into what Caddy is to run.
"""

import json
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import files
from deploys.proxies.caddy.onhost import api, places


def main(beginning: "dict[str, Any]") -> None:
    """Hand it over, or end with why Caddy does not take it.

    Args:
        beginning: what Caddy begins with.

    """
    if not places.LIVE.exists():
        sys.exit(f"{places.LIVE} is not there: set the server up anew, which writes it")
    if why := api.load(whole(places.LIVE)):
        sys.exit(f"caddy: what is live is not served: {why}")


def whole(tree: Path) -> "dict[str, Any]":
    """Give the configuration of a tree with the certificates that it names in it."""
    config: dict[str, Any] = json.loads(files.text(tree / "caddy.json"))
    certificates = config["apps"]["tls"]["certificates"]
    certificates["load_pem"] = [
        {
            "certificate": files.text(named["certificate"]),
            "key": files.text(named["key"]),
            "tags": named["tags"],
        }
        for named in certificates.pop("load_files")
    ]
    return config

"""On the host: who starts Traefik hears back when it serves: it is ready, in its words, before it follows."""

import json
import sys
from typing import Any

from deploys.onhost import files
from deploys.proxies.traefik.onhost import choices, follow, where


def main(settings: dict[str, Any]) -> None:
    """Wait until it runs what it is to follow."""
    digest = choices.digest_of(json.loads(files.read(where.FOLLOWED)))
    if not follow.is_taken(digest):
        sys.exit(f"traefik: it has not taken what it is to follow within {follow.PATIENCE} s")

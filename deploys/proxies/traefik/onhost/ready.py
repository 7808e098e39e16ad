"""On the host: who starts Traefik hears back when it serves: it is ready, in its words, before it follows."""

import sys
from typing import Any

from deploys.proxies.traefik.onhost import follow


def main(settings: dict[str, Any]) -> None:
    """Wait until it runs what it is to follow."""
    if not follow.is_taken():
        sys.exit(f"traefik: it has not taken what it is to follow within {follow.PATIENCE} s")

"""On the host: what Traefik begins with, made of the live tree, the marks and the certificates."""

import sys
from pathlib import Path
from typing import Any

from deploys.onhost import files
from deploys.proxies.onhost import alone
from deploys.proxies.traefik.onhost import follow, tree, where


def main(settings: dict[str, Any]) -> None:
    """Write it, before there is a process, and note by what one that begins is known later."""
    try:
        with alone.alone(follow.WRITING, follow.PATIENCE):
            if found := tree.read_live():
                follow.write(where.STARTED, found[where.STATIC])
                follow.write(where.UNIT_STARTED, own_unit())
                follow.write(where.FOLLOWED, follow.wanted(found)[1])
    except alone.Busy:
        sys.exit(f"traefik: {follow.BUSY}")


def own_unit() -> str:
    """Read the unit's file; nothing, where there is none."""
    path = Path("/etc/systemd/system", where.UNIT)
    return files.text(path) if path.exists() else ""

"""What is under maintenance on a host, by the names that users know."""

from deploys import looks
from deploys.base import files
from deploys.config import Server
from deploys.looks import Look
from deploys.routing import maintenance


def look_at(server: Server) -> Look:
    """Look at the files whose presence has users turned away."""
    return files.look(maintenance(server))


def paused(server: Server) -> frozenset[str]:
    """Name what is under maintenance on the host in context."""
    there = looks.at(look_at(server))["files"]
    return frozenset(name for mark, name in maintenance(server).items() if there.get(mark))

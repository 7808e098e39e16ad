"""nginx: the whole configuration as one tree, made live by one rename."""

from deploys.base.machine import Machine
from deploys.config import Server

PACKAGES = ("nginx",)
RELOAD = "nginx -t -q && systemctl reload nginx"


def deploy(server: Server, machine: Machine) -> None:
    """Make the configuration of the server's sites live, or leave everything as it is."""

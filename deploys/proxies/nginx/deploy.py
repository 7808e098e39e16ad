"""nginx: the whole configuration as one tree, made live by one rename."""

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.proxies.nginx.operations import make_live
from deploys.proxies.nginx.tree import tree
from deploys.routing import routing

PACKAGES = ("nginx",)
RELOAD = "nginx -t -q && systemctl reload nginx"


def deploy(server: Server, machine: Machine) -> None:
    """Make the configuration of the server's sites live, or leave everything as it is."""
    make_live(name="Make the nginx configuration live", files=tree(routing(server), machine))

"""nginx: the whole configuration as one tree, made live by one rename."""

from collections.abc import Callable, Iterator, Mapping

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.run import SYSTEMCTL, Commands, outside
from deploys.places.owned import Owned
from deploys.proxies.contract import Ground
from deploys.proxies.lacks import Lacks
from deploys.proxies.nginx import operations
from deploys.proxies.nginx.features import features, version
from deploys.proxies.nginx.onhost import live
from deploys.proxies.nginx.onhost import tree as tree_onhost
from deploys.proxies.nginx.tree import service, tree
from deploys.routing import Routing

_OLD = "has no HTTP/3"


class Nginx:
    """What the rest of the house knows of nginx."""

    name = "nginx"
    unit = "nginx.service"
    packages = ("nginx", "logrotate")  # which nginx brings a rule for, but does not ask for
    releases = None
    lacks: Lacks = {}
    conditions: Mapping[str, str] = {"`http3` before nginx 1.25, as on Debian 12": _OLD}
    owned = Owned(
        paths=(str(live.CANDIDATE), str(live.TREES), str(tree_onhost.SERVICE), str(tree_onhost.OTHERS_READ)),
        packaged=("nginx.service",),
        diverted=(str(live.LIVE),),
    )
    # To test, nginx opens its logs and ports, which the sandbox of a renewal has not.
    reload: Commands = (outside("/usr/sbin/nginx", "-t", "-q"), (SYSTEMCTL, "reload", "nginx"))

    obey: Commands = ()
    in_use = operations.InUse
    access_log = operations.AccessLog
    unlogged = ""

    def refusals(self, server: Server, machine: Machine) -> Iterator[str]:
        """Name the sites that want HTTP/3 of an nginx that has none."""
        if not features(machine).http3:
            found = ".".join(map(str, version(machine)))
            for domain, site in server.sites.items():
                if site.http3:
                    yield f"sites[{domain!r}]['http3']: True: remove it, nginx {found} {_OLD}"

    def render(self, routing: Routing, machine: Machine, texts: Mapping[str, str]) -> dict[str, str]:
        """Render the tree."""
        return tree(routing, machine, texts)

    def look(self) -> Look:
        """Look at the live tree, and at what nginx runs."""
        return operations.look()

    def make_live(self, files: Callable[[], Mapping[str, str]], ground: Ground) -> None:
        """Have nginx run the tree, whole or not at all."""
        name = "Make the nginx configuration live"
        operations.make_live(
            name=name, files=files, service=service(ground.machine), predecessors=ground.predecessors
        )

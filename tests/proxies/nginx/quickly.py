"""What a deploy does to make a configuration of nginx live, in a fraction of the time."""

from collections.abc import Mapping

from deploys import remote
from deploys.proxies.nginx.onhost import live
from deploys.proxies.nginx.tree import service
from tests.proxies.stage import Stage


def make_live(stage: Stage, files: Mapping[str, str]) -> None:
    """Do on the server what follows after the first look."""
    argument = {"files": dict(files), "service": service(stage.machine), "predecessors": []}
    order = remote.run(live, argument)
    stage.server.run(order.get_raw_value(), stdin=str(order.connector_arguments["_stdin"]))

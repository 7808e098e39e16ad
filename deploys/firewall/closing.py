"""Having the kernel let nobody but the edge reach the proxy."""

from collections.abc import Generator

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import looks, remote
from deploys.base import owned
from deploys.base.files import plain, show
from deploys.config import Server
from deploys.firewall import door
from deploys.firewall.onhost import door as door_onhost
from deploys.looks import Look
from deploys.places.edge import OWNED


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that it needs."""
    return ("nftables",) if door.is_wanted(server) else ()


def look(server: Server) -> Look:
    """Look at what there is of it."""
    if not door.is_wanted(server):
        return owned.look(OWNED)
    paths = [file.path for file in door.files(server)]
    bare = {"files": {}, "closed": False, "enabled": False}
    return Look(door_onhost, {"look": paths, "contents": paths if state.config.DIFF else []}, bare)


def deploy(server: Server) -> None:
    """Close ports 80 and 443 to all but the edge where that is asked for, and open them where it is not."""
    if door.is_wanted(server):
        close(name="Let nobody but the edge reach ports 80 and 443", server=server)
    else:
        owned.leave(name="Ports 80 and 443: leave them open to all", owned=OWNED)


@operation()
def close(server: Server) -> Generator[StringCommand, None, None]:
    """Have the kernel refuse at ports 80 and 443 whoever is not the edge, now and after each boot.

    Args:
        server: the settings, which say who is let in.

    """
    found = looks.at(look(server))
    files = door.files(server)
    changed = [file for file in files if not file.is_as(found["files"].get(file.path))]
    if not changed and found["closed"] and found["enabled"]:
        host.noop("nobody but the edge reaches ports 80 and 443")
        return
    if state.config.DIFF:
        for file in changed:
            show(file, found["files"].get(file.path))
        if not changed:
            logger.info("%sWill close ports 80 and 443 again to all but the edge", host.print_prefix)
    yield remote.run(door_onhost, {"write": [plain(file) for file in files]})

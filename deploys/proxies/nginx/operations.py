"""Making a configuration of nginx live."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import looks, remote
from deploys.base.files import UNIT, File, show
from deploys.looks import Look
from deploys.proxies import facts
from deploys.proxies.difference import show_tree
from deploys.proxies.nginx.onhost import access_log, in_use, live, tree
from deploys.proxies.nginx.tree import SAME_FOR_ALL
from deploys.proxies.onhost import trees


class InUse(facts.InUse):
    """What stands in the trees that nginx runs, and would start with."""

    module: ClassVar[ModuleType] = in_use


class AccessLog(facts.AccessLog):
    """What nginx was asked for, by the access log and those rotated away."""

    module: ClassVar[ModuleType] = access_log


def look() -> Look:
    """Look at the configuration that is live, and whether nginx runs it."""
    return Look(tree, {"contents": state.config.DIFF}, bare={})


@operation()
def make_live(
    files: Callable[[], Mapping[str, str]], service: str, predecessors: Sequence[str]
) -> Generator[StringCommand, None, None]:
    """Have nginx run a configuration, whole or not at all.

    Args:
        files: gives contents by path below the configuration's own directory; `@tree@` stands for that.
        service: the drop-in of nginx's unit.
        predecessors: units that may have nginx's ports.

    """
    found = looks.at(look())
    for path in found.get("others", ()):
        logger.info("%snginx also reads %s", host.print_prefix, path)
    content = dict(files())
    digest = trees.digest(content)
    wanted = {
        "digest": digest,
        "running": True,
        "enabled": True,
        "service": service,
        "debians_site": False,
        "groups_of_apps": [],
        "others_read": True,
    }
    if all(found.get(key) == value for key, value in wanted.items()):
        host.noop("nginx runs this configuration")
        return
    if state.config.DIFF:
        show_tree(tree.TREES, content, found.get("files", {}), SAME_FOR_ALL)
        if found.get("service") != service:
            before = {"content": found["service"]} if found.get("service") else None
            show(File(str(tree.SERVICE), service, ours=UNIT), before)
        for reason in reasons(found, digest):
            logger.info("%sWill %s", host.print_prefix, reason)
    argument = {"files": content, "instead_of": found.get("digest"), "service": service}
    yield remote.run(live, {**argument, "predecessors": [*predecessors]})


def reasons(found: Mapping[str, Any], digest: str) -> Iterator[str]:
    """Say what will be done beside writing files; nothing where there is no nginx yet, which all is done for.

    Args:
        found: what the host said.
        digest: the configuration that is wanted.

    """
    if found.get("digest") == digest and not found["running"]:
        yield "have nginx read the configuration, which it does not run yet"
    elif found and not found["others_read"]:
        yield "have nginx read what has changed in the configuration of others"
    if found and not found["enabled"]:
        yield "have systemd start nginx at boot"
    if found.get("debians_site"):
        yield f"remove {tree.DEBIANS_SITE}, Debian's example"
    if found.get("groups_of_apps"):
        yield f"take {tree.WORKER} out of {', '.join(found['groups_of_apps'])}"

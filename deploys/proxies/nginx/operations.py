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
from deploys.proxies.nginx.onhost import access_log, in_use, live, tree
from deploys.proxies.nginx.tree import SAME_FOR_ALL
from deploys.proxies.onhost import trees


class InUse(remote.Probe[dict[str, list[str]]]):
    """The upstreams to which nginx sends requests, and the certificates that it serves."""

    module: ClassVar[ModuleType] = in_use

    @staticmethod
    def default() -> dict[str, list[str]]:
        return {"upstreams": [], "certificates": []}


class AccessLog(remote.Probe[dict[str, Any]]):
    """The requests of a span of time, summed up."""

    module: ClassVar[ModuleType] = access_log

    @staticmethod
    def default() -> dict[str, Any]:
        return {}


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
        _show(content, found.get("files", {}))
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


def _show(files: Mapping[str, str], found: Mapping[str, str]) -> None:
    for path, content in files.items():
        if found.get(path) != content:
            before = {"content": found[path]} if path in found else None
            ours = "" if before or path not in SAME_FOR_ALL else "a part of gatehouse's own configuration"
            show(File(f"{tree.TREES}/…/{path}", content, ours=ours), before)
    for path in found.keys() - files.keys():
        logger.info("%sWill remove %s/…/%s", host.print_prefix, tree.TREES, path)

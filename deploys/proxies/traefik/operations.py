"""Making a configuration of Traefik live."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import looks, remote
from deploys.base.files import show
from deploys.looks import Look
from deploys.proxies import facts
from deploys.proxies.difference import show_tree
from deploys.proxies.onhost import trees
from deploys.proxies.traefik import kept
from deploys.proxies.traefik.onhost import access_log, in_use, live, where
from deploys.proxies.traefik.onhost import look as look_onhost


class InUse(facts.InUse):
    """What stands in the tree that Traefik runs."""

    module: ClassVar[ModuleType] = in_use


class AccessLog(facts.AccessLog):
    """What Traefik was asked for, by the access log and those rotated away."""

    module: ClassVar[ModuleType] = access_log


def look() -> Look:
    """Look at the configuration that is live, and whether Traefik runs it."""
    argument = {"contents": state.config.DIFF, "kept": kept.paths()}
    return Look(look_onhost, argument, bare={})


@operation()
def make_live(
    files: Callable[[], Mapping[str, str]], program: str, predecessors: Sequence[str]
) -> Generator[StringCommand, None, None]:
    """Have Traefik run a configuration, whole or not at all.

    Args:
        files: gives contents by path below the configuration's own directory.
        program: where Traefik is on the host.
        predecessors: units that may have its ports.

    """
    found = looks.at(look())
    content = dict(files())
    beside = kept.kept(program)
    digest = trees.digest(content)
    digests = {file.path: look_onhost.digest(file.content.encode(), file.mode) for file in beside}
    wanted = {"digest": digest, "running": True, "started": True, "enabled": True, "kept": digests}
    if all(found.get(key) == value for key, value in wanted.items()):
        host.noop("Traefik runs this configuration")
        return
    if state.config.DIFF:
        for file in beside:
            if found.get("kept", {}).get(file.path) != digests[file.path]:
                show(file, {"content": ""} if found.get("kept", {}).get(file.path) else None)
        show_tree(where.TREES, content, found.get("files", {}))
        for reason in reasons(found, digest):
            logger.info("%sWill %s", host.print_prefix, reason)
    argument = {
        "files": content,
        "instead_of": found.get("digest"),
        "kept": [{"path": file.path, "content": file.content, "mode": file.mode} for file in beside],
        "program": program,
        "predecessors": [*predecessors],
    }
    yield remote.run(live, argument)


def reasons(found: Mapping[str, Any], digest: str) -> Iterator[str]:
    """Say what will be done beside writing files; nothing where there is no Traefik yet.

    Args:
        found: what the host said.
        digest: the configuration that is wanted.

    """
    if found.get("digest") is None:
        return
    if found["digest"] == digest and not found["running"]:
        yield "have Traefik follow the configuration, the marks and the certificates, which it does not yet"
    if not found["started"]:
        yield "restart Traefik, as it was started otherwise"
    if not found["enabled"]:
        yield "have systemd start Traefik at boot"

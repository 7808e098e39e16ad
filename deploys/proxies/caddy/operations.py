"""Making a configuration of Caddy live."""

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import looks, remote
from deploys.looks import Look
from deploys.proxies import facts
from deploys.proxies.caddy.beside import PATHS, beside, digest_of_unit
from deploys.proxies.caddy.onhost import access_log, in_use, live, places
from deploys.proxies.caddy.onhost import state as state_onhost
from deploys.proxies.difference import show_tree
from deploys.proxies.onhost import trees


class InUse(facts.InUse):
    """What the live tree says that Caddy needs."""

    module: ClassVar[ModuleType] = in_use


class AccessLog(facts.AccessLog):
    """What Caddy was asked for, by the access log and those rotated away."""

    module: ClassVar[ModuleType] = access_log


def look() -> Look:
    """Look at the configuration that is live, and whether Caddy runs it."""
    return Look(state_onhost, {"contents": state.config.DIFF, "paths": [*PATHS]}, bare={})


@operation()
def make_live(
    files: Callable[[], Mapping[str, str]], program: str, predecessors: Sequence[str]
) -> Generator[StringCommand, None, None]:
    """Have Caddy run a configuration, whole or not at all.

    Args:
        files: gives contents by path below the configuration's own directory.
        program: where Caddy itself is.
        predecessors: units that may have Caddy's ports.

    """
    found = looks.at(look())
    content, others = dict(files()), beside(program)
    wanted = {
        "digest": trees.digest(content),
        "running": True,
        "enabled": True,
        "program": program,
        "unit": digest_of_unit(program),
        "beside": {file.path: hashlib.sha256(file.content.encode()).hexdigest() for file in others},
    }
    if all(found.get(key) == value for key, value in wanted.items()):
        host.noop("Caddy runs this configuration")
        return
    if state.config.DIFF:
        show_tree(places.TREES, content, found.get("files", {}))
        for reason in reasons(found, wanted):
            logger.info("%sWill %s", host.print_prefix, reason)
    argument = {
        "files": content,
        "beside": {file.path: {"content": file.content, "mode": file.mode} for file in others},
        "instead_of": found.get("digest"),
        "program": program,
        "unit": wanted["unit"],
        "predecessors": [*predecessors],
    }
    yield remote.run(live, argument)


def reasons(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    """Say what will be done beside writing files; nothing where there is no Caddy yet.

    Args:
        found: what the host said.
        wanted: the same, as it is to be.

    """
    if not found.get("digest"):
        return
    for path, digest in wanted["beside"].items():
        if found["beside"].get(path) != digest:
            yield f"write {path}"
    if found["program"] != wanted["program"]:
        yield f"restart Caddy, as {wanted['program']}"
    elif found["unit"] != wanted["unit"]:
        yield "restart Caddy, as it was started by another unit file"
    elif found["digest"] == wanted["digest"] and not found["running"]:
        yield "have Caddy read the configuration, or a certificate, which it does not serve yet"
    if not found["enabled"]:
        yield "have systemd start Caddy at boot"

"""The operation that tells how all hosts of a run are, and fails for each where something is wrong."""

import json
from collections.abc import Generator
from typing import Any

from pyinfra.api.command import FunctionCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import operation
from pyinfra.api.state import State

from deploys import connection
from deploys.overview.overview import unreached
from deploys.overview.tables import tables
from deploys.terminal import tell, width

_FOUND: dict[str, dict[str, Any]] = {}
_TOLD: set[int] = set()


@operation(is_idempotent=False)
def tell_of(found: dict[str, Any], *, as_json: bool) -> Generator[FunctionCommand, None, None]:
    """Tell of all hosts at once, and say by success whether all is well with this one.

    Args:
        found: how the host is.
        as_json: whether a program reads it.

    """
    yield FunctionCommand(_tell, (found, as_json), {})


def gather(name: str, found: dict[str, Any]) -> None:
    """Take note of how a host is; before any of them is told of, all are."""
    _FOUND[name] = found


def _tell(state: State, host: Host, found: dict[str, Any], as_json: bool) -> bool:
    if id(state) not in _TOLD:
        _TOLD.add(id(state))
        tell_all(state, as_json=as_json)
    return not found["problems"]


def tell_all(state: State, *, as_json: bool) -> None:
    """Tell of every host of the run, those that were not reached or looked at among them."""
    names = {host.name for host in state.inventory if state.is_host_in_limit(host)}
    hosts = {name: _FOUND.get(name) or unreached(_why(name)) for name in sorted({*names, *_FOUND})}
    tell(json.dumps({"hosts": hosts}, indent=1) if as_json else "\n".join(tables(hosts, width())))


def _why(name: str) -> str:
    return connection.UNREACHED.get(name, "see above")

"""Taking away what a part of the house owns on a host."""

from collections.abc import Generator, Mapping
from dataclasses import asdict
from types import ModuleType
from typing import ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import connection, looks, remote
from deploys.base.onhost import owned as owned_onhost
from deploys.base.onhost import take_away as take_away_onhost
from deploys.looks import Look
from deploys.places.owned import Owned

_WORDS = {
    "units": "stop {}",
    "tables": "delete the table {} of nftables",
    "paths": "remove {}",
    "diverted": "put back the package's own {}",
    "folders": "remove {}, if nothing else is in it",
}


class Remains(remote.Probe[dict[str, list[str]]]):
    """What there is of what a part owns, by kind."""

    module: ClassVar[ModuleType] = owned_onhost

    @staticmethod
    def default() -> dict[str, list[str]]:
        return {}


def look(owned: Owned) -> Look:
    """Look at what there is of what a part owns."""
    return Look(owned_onhost, asdict(owned), bare={})


@operation()
def leave(owned: Owned) -> Generator[StringCommand, None, None]:
    """Stop and remove all of a part that is no longer wanted, which a run looks for with all else.

    Args:
        owned: by patterns.

    """
    yield from _gone(owned, looks.at(look(owned)))


@operation()
def take_away(owned: Owned) -> Generator[StringCommand, None, None]:
    """Stop and remove all that a part owns.

    Args:
        owned: by patterns.

    """
    yield from _gone(owned, connection.ask(Remains, argument=asdict(owned)))


def _gone(owned: Owned, found: Mapping[str, list[str]]) -> Generator[StringCommand, None, None]:
    if not any(found.values()):
        host.noop("nothing of it is there")
        return
    if not state.is_executing:
        for kind, things in found.items():
            for thing in things:
                logger.info("%sWill %s", host.print_prefix, _WORDS[kind].format(thing))
    yield remote.run(take_away_onhost, asdict(owned))

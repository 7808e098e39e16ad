"""Units of systemd's that are to run on, or not at all, now and after a reboot."""

from collections.abc import Collection, Generator, Mapping

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation

from deploys import looks, remote
from deploys.base.onhost import units as units_onhost
from deploys.looks import Look
from deploys.onhost.run import SYSTEMCTL

States = Mapping[str, Mapping[str, str]]
"""Of each unit, what systemd says of it."""


def look(units: Collection[str]) -> Look:
    """Look at how units are now, and after a reboot."""
    return Look(units_onhost, [*units], bare={})


def states(look: Look) -> States:
    """Say how those units are on the host in context; of none before Python is there."""
    found: States = looks.at(look)
    return found


def strays(units: Collection[str], found: States) -> list[str]:
    """List those that run, now or after the next reboot, among units that should not. Pure."""
    known = {unit: found.get(unit, {}) for unit in units}
    return sorted(
        unit
        for unit, state in known.items()
        if state.get("ActiveState") == "active" or state.get("UnitFileState", "").startswith("enabled")
    )


@operation()
def start(
    units: Collection[str], found: States, versions: Mapping[str, str] | None = None
) -> Generator[StringCommand, None, None]:
    """Have units run now and after a reboot.

    Args:
        units: their names.
        found: what `states` found; they change through nothing else in the same run.
        versions: of services among them, the last word of the command by which they are to run: a unit's file
            may be newer than what runs.

    """
    idle = [unit for unit in units if not _runs(found.get(unit, {}))]
    if idle:
        yield remote.program(SYSTEMCTL, "enable", "--quiet", "--now", *idle)
    wanted = {unit: version for unit, version in (versions or {}).items() if unit not in idle}
    former = [unit for unit, version in wanted.items() if found[unit].get("version") != version]
    if former:
        yield remote.program(SYSTEMCTL, "restart", *former)


@operation()
def stop(units: Collection[str]) -> Generator[StringCommand, None, None]:
    """Stop units for good.

    Args:
        units: their names.

    """
    yield remote.program(SYSTEMCTL, "disable", "--quiet", "--now", *units)


def _runs(state: Mapping[str, str]) -> bool:
    return state.get("ActiveState") == "active" and state.get("UnitFileState") == "enabled"

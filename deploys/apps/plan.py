"""From what is wanted of an app and what was found on the host to the steps between them. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploys.apps.layout import Slot, other


@dataclass(frozen=True)
class Release:
    """A release that is whole."""

    number: int
    digest: str
    """Of everything that it was built from."""


@dataclass(frozen=True)
class SlotFound:
    """What a slot is at the moment."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Path to digest of the files that say what it runs; those that are not there are left out."""
    release: int | None = None
    """The release that its unit names."""
    active: bool = False
    enabled: bool = False


@dataclass(frozen=True)
class Found:
    """What the host has of an app."""

    releases: tuple[Release, ...] = ()
    broken: tuple[int, ...] = ()
    """Numbers of releases that were never finished."""
    slots: Mapping[Slot, SlotFound] = field(default_factory=dict)
    live: Slot = "a"
    """The slot that the traffic goes to, whether or not it runs."""

    def slot(self, slot: Slot) -> SlotFound:
        return self.slots.get(slot, SlotFound())


@dataclass(frozen=True)
class Wanted:
    """What a host must have of an app."""

    digest: str
    """Of everything that a release is built from."""
    files: Callable[[Slot, int], Mapping[str, str]]
    """From slot and release to path and digest of the files that say what the slot runs."""
    keep: int
    """How many releases stay."""


@dataclass(frozen=True)
class Build:
    """Make a new release, after removing what was never finished."""

    number: int


@dataclass(frozen=True)
class Start:
    """Run a release in a slot that has no traffic, and wait until it is healthy."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Switch:
    """Give a slot the traffic, and the next boot."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Drain:
    """Stop a slot that has no traffic, once nothing is connected to it any more."""

    slot: Slot


@dataclass(frozen=True)
class Prune:
    """Remove releases that nothing needs."""

    numbers: tuple[int, ...]


Step = Build | Start | Switch | Drain | Prune


def plan(wanted: Wanted, found: Found) -> tuple[Step, ...]:
    """Work out the steps; none when the host is as wanted."""
    built = [release.number for release in found.releases if release.digest == wanted.digest]
    number = max(built, default=0) or _next_number(found)
    build: tuple[Step, ...] = () if built else (Build(number),)
    moves = move(wanted.files, found, number)
    live = next((step.slot for step in moves if isinstance(step, Switch)), found.live)
    return (*build, *moves, *_prune(wanted, found, number, found.slot(other(live)).release))


def move(files: Callable[[Slot, int], Mapping[str, str]], found: Found, release: int) -> tuple[Step, ...]:
    """Work out how a release comes to have the traffic, and no other slot runs."""
    live, idle = found.live, other(found.live)
    if found.slot(live).files == files(live, release):
        return (*_start_again(found, live, release), *_settle(found, live, release))
    if not found.slot(live).files and not found.slot(idle).active:
        return (Start(live, release), Switch(live, release))
    leftover: tuple[Step, ...] = (Drain(idle),) if found.slot(idle).active else ()
    former: tuple[Step, ...] = (Drain(live),) if found.slot(live).active else ()
    return (*leftover, Start(idle, release), Switch(idle, release), *former)


def _start_again(found: Found, live: Slot, release: int) -> tuple[Step, ...]:
    return () if found.slot(live).active else (Start(live, release),)


def _settle(found: Found, live: Slot, release: int) -> tuple[Step, ...]:
    """Finish what a run that was cut off after its switch left undone."""
    idle = found.slot(other(live))
    switch: tuple[Step, ...] = (
        () if found.slot(live).enabled and not idle.enabled else (Switch(live, release),)
    )
    drain: tuple[Step, ...] = (Drain(other(live)),) if idle.active else ()
    return (*switch, *drain)


def _next_number(found: Found) -> int:
    return max([*found.broken, *(release.number for release in found.releases)], default=0) + 1


def _prune(wanted: Wanted, found: Found, number: int, former: int | None) -> tuple[Step, ...]:
    """Remove all but the newest releases, the one with the traffic and the one to go back to."""
    numbers = sorted({*(release.number for release in found.releases), number})
    needed = {number, former, *numbers[-wanted.keep :]}
    stale = tuple(sorted({*numbers, *found.broken} - needed))
    return (Prune(stale),) if stale else ()

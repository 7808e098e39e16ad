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
    commit: str | None = None
    created: int = 0
    """Seconds since 1970."""
    runs: bool = True
    """Whether the Python that it was built with is still there."""


@dataclass(frozen=True)
class Address:
    """Where a proxy finds an app, and what it takes off the paths that it passes on."""

    port: int
    """Of slot a; slot b has the next one."""
    prefix: str
    """The path under which the app's users see it; empty for the root."""

    def __str__(self) -> str:
        return f"port {self.port} and prefix {self.prefix!r}"


@dataclass(frozen=True)
class SlotFound:
    """What a slot is at the moment."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Path to digest of the files that say what it runs."""
    release: int | None = None
    """The release that its unit names."""
    running: frozenset[str] = frozenset()
    """Its units that run now."""
    enabled: frozenset[str] = frozenset()
    """Its units that the next boot starts."""
    units: frozenset[str] = frozenset()
    """Its units that run as long as it has the traffic."""
    served: bool = False
    """Whether it has had the traffic as it is now."""
    due: bool = False
    """Whether its release has commands that come after the switch and have not succeeded yet."""
    address: Address | None = None
    """The one that its unit names, if it does."""


@dataclass(frozen=True)
class Found:
    """What the host has of an app."""

    releases: tuple[Release, ...] = ()
    broken: tuple[int, ...] = ()
    """Numbers of releases that were never finished, or have lost the mark that says so."""
    slots: Mapping[Slot, SlotFound] = field(default_factory=dict)
    live: Slot = "a"
    """The slot that the traffic goes to, whether or not it runs."""
    served: tuple[int, ...] = ()
    """The releases that have had the traffic, the latest last."""
    current: int | None = None
    """The release whose files the proxy serves."""

    @property
    def unfinished(self) -> tuple[int, ...]:
        """The broken releases that were never finished: a slot that has one got it whole."""
        had = {slot.release for slot in self.slots.values()}
        return tuple(number for number in self.broken if number not in had)

    def slot(self, slot: Slot) -> SlotFound:
        return self.slots.get(slot, SlotFound())


@dataclass(frozen=True)
class SlotWanted:
    """What a slot must be when it has the traffic."""

    files: Mapping[str, str]
    """Path to digest of the files that say what it runs."""
    units: frozenset[str]
    """Its units that must run."""


@dataclass(frozen=True)
class Wanted:
    """What a host must have of an app."""

    digest: str
    """Of everything that a release is built from."""
    slot: Callable[[Slot, int], SlotWanted]
    """What a slot must be to run a release."""
    keep: int
    """How many releases stay."""
    address: Address | None = None
    """Where the proxy will find it."""
    before: bool = False
    """Whether there are commands to run before a switch."""
    after: bool = False
    """Whether there are commands to run after a switch."""


@dataclass(frozen=True)
class Build:
    """Make a new release, after removing what was never finished."""

    number: int


@dataclass(frozen=True)
class Before:
    """Run the commands of a release that come before the switch."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Start:
    """Run a release in a slot that has no traffic, and wait until it is healthy."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Resume:
    """Start what has stopped in the slot with the traffic, and leave the rest of it alone."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Return:
    """Start the former release again in its slot, just as it was, and wait until it is healthy."""

    slot: Slot
    release: int
    units: frozenset[str]


@dataclass(frozen=True)
class Switch:
    """Give a slot the traffic, and the next boot."""

    slot: Slot
    release: int
    units: frozenset[str] | None = None
    """Its units that run as long as it has the traffic; those of the settings unless given."""
    due: bool = False
    """Whether its release has commands that come after the switch."""


@dataclass(frozen=True)
class After:
    """Run the commands of a release that come after the switch."""

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


Step = Build | Before | Start | Resume | Return | Switch | After | Drain | Prune


def plan(wanted: Wanted, found: Found) -> tuple[Step, ...]:
    """Work out the steps; none when the host is as wanted."""
    built = [release.number for release in found.releases if release.runs and release.digest == wanted.digest]
    number = max(built, default=0) or _next_number(found)
    build: tuple[Step, ...] = () if built else (Build(number),)
    moves = move(wanted, found, number)
    live = next((step.slot for step in moves if isinstance(step, Switch)), found.live)
    return (*build, *moves, *_prune(wanted, found, number, found.slot(other(live)).release))


def around_proxy(wanted: Wanted, found: Found) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Part the steps into those before and those after the proxy gets its configuration.

    A release with another port or prefix has the traffic, and the former one ends, only when the proxy
    knows: until then the proxy would lead requests astray.
    """
    steps = plan(wanted, found)
    if _differ(wanted.address, found.slot(found.live).address):
        for count, step in enumerate(steps, 1):
            if isinstance(step, Start) and step.slot != found.live:
                return steps[:count], steps[count:]
    return steps, ()


def _differ(one: Address | None, other: Address | None) -> bool:
    return None not in (one, other) and one != other


def move(wanted: Wanted, found: Found, release: int) -> tuple[Step, ...]:
    """Work out how a release comes to have the traffic, and no other slot runs."""
    live, idle = found.live, other(found.live)
    has_served = found.slot(live).served or found.slot(idle).served
    if not has_served and not found.slot(idle).running:
        return (*_give_traffic(wanted, live, release), *_after(wanted, live, release))
    if has_served and found.slot(live).files == wanted.slot(live, release).files:
        return _finish(wanted, found, live, release)
    return (
        *_drain(found, idle),
        *_give_traffic(wanted, idle, release),
        *_drain(found, live),
        *_after(wanted, idle, release),
    )


class Impossible(Exception):
    """There is nothing to go back to, and why."""


def back(found: Found, release: int | None, address: Address | None = None) -> tuple[Step, ...]:
    """Work out how to go back to the former release, just as it was, or to another that is still there.

    Args:
        found: what the host has.
        release: its number; the former one unless given.
        address: where the proxy would find what is started by the settings of now.

    Raises:
        Impossible: the host has no such release, or the proxy would not find it.

    """
    live, idle = found.live, other(found.live)
    former = found.slot(idle)
    whole = [each.number for each in found.releases if each.runs]
    number = _former(found) if release is None else release
    if number is None:
        raise Impossible("there is no former release to go back to")
    if number not in whole:
        raise Impossible(
            f"there is no release {number} any more, only {', '.join(map(str, whole)) or 'none'}"
        )
    if release is not None and number == found.slot(live).release:
        return ()
    known = found.slot(live).address
    is_as_it_was = former.served and number == former.release
    if is_as_it_was and not _differ(former.address, known):
        moves: tuple[Step, ...] = (
            Return(idle, number, former.units),
            Switch(idle, number, former.units),
        )
    elif is_as_it_was and release is None:
        others = f", or add --data to={number} to start it with the settings of now"
        raise Impossible(
            f"release {number} had {former.address}, the proxy now has {known}; set the former again and run"
            f" deploys/site.py{others if number != found.slot(live).release else ''}"
        )
    elif _differ(address, known):
        raise Impossible(
            f"the settings have {address}, the proxy still has {known}; run deploys/site.py first"
        )
    else:
        moves = (Start(idle, number), Switch(idle, number))
    return (*_drain(found, idle), *moves, *_drain(found, live))


def _former(found: Found) -> int | None:
    """Find the release that had the traffic before; what only failed to start never had it."""
    idle = found.slot(other(found.live))
    if idle.served:
        return idle.release
    now = found.slot(found.live).release
    return next((number for number in reversed(found.served) if number != now), None)


def _give_traffic(wanted: Wanted, slot: Slot, release: int) -> tuple[Step, ...]:
    before: tuple[Step, ...] = (Before(slot, release),) if wanted.before else ()
    return (*before, Start(slot, release), Switch(slot, release, due=wanted.after))


def _after(wanted: Wanted, slot: Slot, release: int) -> tuple[Step, ...]:
    return (After(slot, release),) if wanted.after else ()


def _finish(wanted: Wanted, found: Found, live: Slot, release: int) -> tuple[Step, ...]:
    """Start again what has stopped, and do what a run that was cut off after its switch left undone."""
    has, idle, units = found.slot(live), found.slot(other(live)), wanted.slot(live, release).units
    resume: tuple[Step, ...] = () if units <= has.running else (Resume(live, release),)
    settled = has.enabled == units and not idle.enabled and found.current == release
    switch: tuple[Step, ...] = () if settled else (Switch(live, release),)
    after = _after(wanted, live, release) if has.due else ()
    return (*resume, *switch, *_drain(found, other(live)), *after)


def _drain(found: Found, slot: Slot) -> tuple[Step, ...]:
    return (Drain(slot),) if found.slot(slot).running else ()


def _next_number(found: Found) -> int:
    named = [slot.release for slot in found.slots.values() if slot.release is not None]
    return max([*named, *found.broken, *(release.number for release in found.releases)], default=0) + 1


def _prune(wanted: Wanted, found: Found, number: int, former: int | None) -> tuple[Step, ...]:
    """Remove all but the newest releases, the one with the traffic and the one to go back to."""
    numbers = sorted({*(release.number for release in found.releases), number})
    needed = {number, former, *numbers[-wanted.keep :]}
    stale = tuple(sorted({*numbers, *found.broken} - needed))
    return (Prune(stale),) if stale else ()

"""From what is wanted of an app and what was found on the host to the steps between them."""

from collections.abc import Collection, Iterable, Mapping

from deploys import invocation
from deploys.apps.state import Address, Found, Ports, SlotFound, Turn, Wanted
from deploys.apps.steps import (
    After,
    Before,
    Build,
    Drain,
    Hold,
    LetGo,
    Prune,
    Resume,
    Return,
    Start,
    Step,
    Switch,
    Try,
)
from deploys.places.apps import Slot, other


def plan(wanted: Wanted, found: Found) -> tuple[Step, ...]:
    """Work out the steps; none when the host is as wanted."""
    if held_back(wanted, found):
        return _stay(wanted, found)
    number, is_built = _number(wanted, found)
    build: tuple[Step, ...] = () if is_built else (Build(number),)
    moves = _holding(wanted.ports, found, (*build, *move(wanted, found, number)))
    live = next((step.slot for step in moves if isinstance(step, Switch)), found.live)
    former = found.slot(other(live)).release
    return (*moves, *_let_go(wanted, found), *_prune(wanted, found, number, former))


def held_back(wanted: Wanted, found: Found) -> tuple[Turn, Turn] | None:
    """Give the turn of what is wanted and the rollback that ended it, unless it is to come back."""
    number, _ = _number(wanted, found)
    live = found.slot(found.live)
    if wanted.again or not live.served or live.files == wanted.slot(found.live, number).files:
        return None
    return found.rolled_back(number, wanted.made)


def _number(wanted: Wanted, found: Found) -> tuple[int, bool]:
    """Give the number of the release that is wanted, and whether it is built."""
    built = [release.number for release in found.releases if release.runs and release.digest == wanted.digest]
    return max(built, default=0) or _next_number(found), bool(built)


def _stay(wanted: Wanted, found: Found) -> tuple[Step, ...]:
    """Keep what a rollback has given the traffic to, just as it is."""
    has = found.slot(found.live)
    ports = {port: files for port, files in wanted.ports.items() if port != has.binds}
    finish = _finish(wanted, found, found.live, has.release or 0, has.units)
    return _holding(ports, found, finish)


def around_proxy(wanted: Wanted, found: Found) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Part the steps into those before and those after the proxy gets its configuration.

    A release with another port or prefix has the traffic, and the former one ends, only when the proxy
    knows: until then the proxy would lead requests astray.
    """
    steps = plan(wanted, found)
    if _differ(wanted.address, found.slot(found.live).address):
        for count, step in enumerate(steps):
            if isinstance(step, Switch) and step.slot != found.live:
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
    if _waits_for_proxy(wanted, found, idle, release):
        switch = Switch(idle, release, due=wanted.after)
        return (Resume(idle, release), switch, *_drain(found, live), *_after(wanted, idle, release))
    return (
        *_drain(found, idle),
        *_give_traffic(wanted, idle, release),
        *_drain(found, live),
        *_after(wanted, idle, release),
    )


def _holding(ports: Ports, found: Found, moves: Iterable[Step]) -> tuple[Step, ...]:
    """Hold the ports before all else; where a server listens by itself, when it has stopped."""
    missing = {port for port, files in ports.items() if not _is_held(found, port, files)}
    steps: list[Step] = []
    for step in moves:
        steps.append(step)
        binds = found.slot(step.slot).binds if isinstance(step, Drain) else None
        if binds in missing:
            missing -= {binds}
            steps.append(Hold((binds,)))
    return (*_hold(missing), *steps)


def _is_held(found: Found, port: int, files: Mapping[str, str]) -> bool:
    has = found.sockets.get(port)
    return has is not None and has.is_held and has.files == files


def _hold(ports: Collection[int]) -> tuple[Step, ...]:
    return (Hold(tuple(sorted(ports))),) if ports else ()


def _let_go(wanted: Wanted, found: Found) -> tuple[Step, ...]:
    """Give up the ports that were the app's before, as the last thing: a proxy may lead there until then."""
    former = tuple(sorted(found.sockets.keys() - wanted.ports.keys())) if wanted.ports else ()
    return (LetGo(former),) if former else ()


def _waits_for_proxy(wanted: Wanted, found: Found, idle: Slot, release: int) -> bool:
    """Say whether a run that was cut off has started what is wanted; the proxy may lead there already."""
    has = found.slot(idle)
    is_wanted = bool(has.running) and has.files == wanted.slot(idle, release).files
    return is_wanted and _differ(wanted.address, found.slot(found.live).address)


class Impossible(Exception):
    """There is nothing to go back to, and why."""


def back(
    found: Found, release: int | None, address: Address | None = None, ports: Ports | None = None
) -> tuple[Step, ...]:
    """Work out how to go back to the former release, just as it was, or to another that is still there.

    Args:
        found: what the host has.
        release: its number; the former one unless given.
        address: where the proxy would find what is started by the settings of now.
        ports: the ports of that address, which systemd must hold.

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
            *_let_it_bind(former, found),
            Return(idle, number, former.units),
            Switch(idle, number, former.units, is_back=True),
        )
        ports = {port: files for port, files in (ports or {}).items() if port != former.binds}
    elif is_as_it_was and release is None:
        others = f", or add {invocation.option('to', str(number))} to start it with the settings of now"
        raise Impossible(
            f"release {number} had {former.address}, the proxy now has {known}; set the former again and run"
            f" {invocation.line('site')}{others if number != found.slot(live).release else ''}"
        )
    elif not _is_startable(found, number):
        raise Impossible(
            f"release {number} was built by an older gatehouse, and cannot be started by this one; check its"
            f" source out again, and run {invocation.line('site')}"
        )
    elif _differ(address, known):
        raise Impossible(
            f"the settings have {address}, the proxy still has {known}; run {invocation.line('site')} first"
        )
    else:
        moves = (Start(idle, number), Switch(idle, number, is_back=True))
    moves = (*_drain(found, idle), *moves, *_drain(found, live))
    return moves if _differ(address, known) else _holding(ports or {}, found, moves)


def _is_startable(found: Found, number: int) -> bool:
    return all(release.is_startable for release in found.releases if release.number == number)


def _let_it_bind(former: SlotFound, found: Found) -> tuple[Step, ...]:
    """Give up the port of what was started before systemd held ports: it opens it itself."""
    return (LetGo((former.binds,)),) if former.binds and former.binds in found.sockets else ()


def _former(found: Found) -> int | None:
    """Find the release that had the traffic before; what only failed to start never had it."""
    idle = found.slot(other(found.live))
    if idle.served:
        return idle.release
    now = found.slot(found.live).release
    return next((turn.release for turn in reversed(found.history) if turn.release != now), None)


def _give_traffic(wanted: Wanted, slot: Slot, release: int) -> tuple[Step, ...]:
    before: tuple[Step, ...] = (Before(slot, release),) if wanted.before else ()
    return (*before, Start(slot, release), Switch(slot, release, due=wanted.after))


def _after(wanted: Wanted, slot: Slot, release: int) -> tuple[Step, ...]:
    return (After(slot, release),) if wanted.after else ()


def _finish(
    wanted: Wanted,
    found: Found,
    live: Slot,
    release: int,
    given: frozenset[str] | None = None,
) -> tuple[Step, ...]:
    """Start again what has stopped, ask it for another health path, and do what a run left undone."""
    has, idle = found.slot(live), found.slot(other(live))
    units = wanted.slot(live, release).units if given is None else given
    resume: tuple[Step, ...] = () if units <= has.running else (Resume(live, release, given),)
    # What a rollback has given the traffic to has settings of its own.
    is_other = given is None and has.health != wanted.health
    ask: tuple[Step, ...] = (Try(live, release),) if is_other and not resume else ()
    settled = has.enabled == units and not idle.enabled and found.current == release
    settled = settled and wanted.published <= found.published
    switch: tuple[Step, ...] = () if settled else (Switch(live, release, given),)
    after = _after(wanted, live, release) if has.due else ()
    return (*resume, *ask, *switch, *_drain(found, other(live)), *after)


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

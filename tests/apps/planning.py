"""States of a host that plans are made for, and what a step makes of one."""

from dataclasses import replace

from hypothesis import strategies as st

from deploys.apps.state import Address, Found, Release, SlotFound, SlotWanted, Turn, Wanted
from deploys.apps.steps import After, Build, Drain, Prune, Resume, Start, Step, Switch, Try
from deploys.places.apps import Slot, other


def files(slot: Slot, release: int) -> dict[str, str]:
    return {f"/unit-{slot}": f"release {release}"}


def units(slot: Slot) -> frozenset[str]:
    return frozenset({f"{slot}.service", f"{slot}.worker"})


WANTED = Wanted(
    digest="new",
    slot=lambda slot, release: SlotWanted(files(slot, release), units(slot)),
    keep=3,
    health="/health",
)
OLD, NEW = Release(1, "old"), Release(2, "new")
NOTHING: frozenset[str] = frozenset()


def runs(
    slot: Slot, release: int, *, active: bool = True, enabled: bool = True, served: bool = True
) -> SlotFound:
    return SlotFound(
        files(slot, release),
        release,
        running=units(slot) if active else NOTHING,
        enabled=units(slot) if enabled else NOTHING,
        units=units(slot),
        served=served,
        health="/health",
    )


def stopped(slot: Slot, release: int, *, served: bool = True) -> SlotFound:
    return runs(slot, release, active=False, enabled=False, served=served)


def linked(found: Found) -> Found:
    """Have the link lead to the release with the traffic."""
    return replace(found, current=found.slot(found.live).release)


HERE, ELSEWHERE = Address(20010, ""), Address(31000, "")


def carried_out(found: Found, step: Step) -> Found:
    """Give what a host has after a step."""
    slots = dict(found.slots)
    releases, broken, live, current = found.releases, found.broken, found.live, found.current
    match step:
        case Build(number):
            releases, broken = (*releases, Release(number, "new")), ()
        case Start(slot, release):
            before = found.slot(slot)
            started = SlotFound(files(slot, release), release, units(slot), before.enabled, address=HERE)
            slots[slot] = replace(started, health=WANTED.health)
        case Resume(slot, _):
            slots[slot] = replace(found.slot(slot), running=units(slot), health=WANTED.health)
        case Try(slot, _):
            slots[slot] = replace(found.slot(slot), health=WANTED.health)
        case Switch(slot, release):
            live, current = slot, release
            due = step.due or found.slot(slot).due
            slots[slot] = replace(found.slot(slot), enabled=units(slot), served=True, due=due)
            slots[other(slot)] = replace(found.slot(other(slot)), enabled=NOTHING)
        case After(slot, _):
            slots[slot] = replace(found.slot(slot), due=False)
        case Drain(slot):
            slots[slot] = replace(found.slot(slot), running=NOTHING)
        case Prune(numbers):
            releases = tuple(release for release in releases if release.number not in numbers)
            broken = tuple(number for number in broken if number not in numbers)
    return Found(releases, broken, slots, live, current=current)


def slot_found(slot: Slot) -> st.SearchStrategy[SlotFound]:
    some = st.sets(st.sampled_from(sorted(units(slot)))).map(frozenset)
    used = st.builds(
        lambda release, running, enabled, served, due, health: SlotFound(
            files(slot, release), release, running, enabled, served=served, due=due, health=health
        ),
        st.integers(1, 4),
        some,
        some,
        st.booleans(),
        st.booleans(),
        st.sampled_from([None, "/", WANTED.health]),
    )
    return st.one_of(st.just(SlotFound()), used)


FOUND = st.builds(
    lambda kinds, broken, a, b, live, current: Found(
        tuple(Release(number, kind) for number, kind in enumerate(kinds, 1)),
        tuple(range(len(kinds) + 1, len(kinds) + 1 + broken)),
        {"a": a, "b": b},
        live,
        current=current,
    ),
    st.lists(st.sampled_from(["old", "new"]), max_size=6),
    st.integers(0, 2),
    slot_found("a"),
    slot_found("b"),
    st.sampled_from(["a", "b"]),
    st.sampled_from([None, 1, 2, 3]),
)


FORMER = Found(
    (Release(3, "x"), Release(4, "y"), Release(5, "new")),
    (),
    {"a": replace(stopped("a", 4), units=units("a")), "b": runs("b", 5)},
    "b",
    history=(Turn(3, "a"), Turn(4, "a"), Turn(5, "b")),
)
FAILED = replace(
    FORMER, slots={"a": replace(stopped("a", 6), units=units("a"), served=False), "b": runs("b", 5)}
)
"""A release 6 came to slot a, but never to the traffic."""
BACK = Switch("a", 4, units("a"), is_back=True)


def at(address: Address | None, found: Found) -> Found:
    return replace(found, slots={slot: replace(each, address=address) for slot, each in found.slots.items()})


OF_AN_OLDER = replace(
    FORMER, releases=tuple(replace(release, is_startable=release.number == 5) for release in FORMER.releases)
)


def with_slots(found: Found, a: SlotFound | None = None, b: SlotFound | None = None) -> Found:
    """Put other slots in place of those that were found."""
    slots: dict[Slot, SlotFound] = {"a": a or found.slot("a"), "b": b or found.slot("b")}
    return replace(found, slots=slots)

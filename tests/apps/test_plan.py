"""The steps that each state of a host calls for."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploys.apps.plan import Impossible, around_proxy, back, plan
from deploys.apps.state import Address, Found, Made, Release, SlotFound, SlotWanted, Socket, Turn, Wanted
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
        served=served,
        health="/health",
    )


def stopped(slot: Slot, release: int, *, served: bool = True) -> SlotFound:
    return runs(slot, release, active=False, enabled=False, served=served)


def linked(found: Found) -> Found:
    """Have the link lead to the release with the traffic."""
    return replace(found, current=found.slot(found.live).release)


CASES: dict[str, tuple[Found, tuple[Step, ...]]] = {
    "a bare machine": (Found(), (Build(1), Start("a", 1), Switch("a", 1))),
    "as wanted": (Found((NEW,), (), {"a": runs("a", 2)}), ()),
    "as wanted in b": (Found((OLD, NEW), (), {"a": stopped("a", 1), "b": runs("b", 2)}, "b"), ()),
    "new source": (
        Found((OLD,), (), {"a": runs("a", 1)}),
        (Build(2), Start("b", 2), Switch("b", 2), Drain("a")),
    ),
    "new source, b is live": (
        Found((OLD,), (), {"a": stopped("a", 7), "b": runs("b", 1)}, "b"),
        (Build(8), Start("a", 8), Switch("a", 8), Drain("b")),
    ),
    "new settings": (
        Found((NEW,), (), {"a": replace(runs("a", 2), files={"/unit-a": "other settings"})}),
        (Start("b", 2), Switch("b", 2), Drain("a")),
    ),
    "back to a source that is built": (
        Found((Release(1, "new"), Release(2, "old")), (), {"a": stopped("a", 1), "b": runs("b", 2)}, "b"),
        (Start("a", 1), Switch("a", 1), Drain("b")),
    ),
    "another health path": (Found((NEW,), (), {"a": replace(runs("a", 2), health="/")}), (Try("a", 2),)),
    "which health path is not known": (
        Found((NEW,), (), {"a": replace(runs("a", 2), health=None)}),
        (Try("a", 2),),
    ),
    "another health path, and the live one is stopped": (
        Found((NEW,), (), {"a": replace(runs("a", 2, active=False), health="/")}),
        (Resume("a", 2),),
    ),
    "another health path, and the source is new": (
        Found((OLD,), (), {"a": replace(runs("a", 1), health="/")}),
        (Build(2), Start("b", 2), Switch("b", 2), Drain("a")),
    ),
    "the live one is stopped": (Found((NEW,), (), {"a": runs("a", 2, active=False)}), (Resume("a", 2),)),
    "a worker is stopped": (
        Found((NEW,), (), {"a": replace(runs("a", 2), running=frozenset({"a.service"}))}),
        (Resume("a", 2),),
    ),
    "a worker is not enabled": (
        Found((NEW,), (), {"a": replace(runs("a", 2), enabled=frozenset({"a.service"}))}),
        (Switch("a", 2),),
    ),
    "the live one is stopped, and the source is new": (
        Found((OLD,), (), {"a": runs("a", 1, active=False)}),
        (Build(2), Start("b", 2), Switch("b", 2)),
    ),
    "an upgrade took its Python away": (
        Found((replace(NEW, runs=False),), (), {"a": runs("a", 2)}),
        (Build(3), Start("b", 3), Switch("b", 3), Drain("a")),
    ),
    "cut off while building": (
        Found((OLD,), (2,), {"a": runs("a", 1)}),
        (Build(3), Start("b", 3), Switch("b", 3), Drain("a"), Prune((2,))),
    ),
    "the live one has lost its mark": (
        Found((OLD,), (4,), {"a": runs("a", 4)}),
        (Build(5), Start("b", 5), Switch("b", 5), Drain("a")),
    ),
    "cut off after building": (
        Found((OLD, NEW), (), {"a": runs("a", 1)}),
        (Start("b", 2), Switch("b", 2), Drain("a")),
    ),
    "cut off before the switch": (
        Found((OLD, NEW), (), {"a": runs("a", 1), "b": runs("b", 2, enabled=False)}),
        (Drain("b"), Start("b", 2), Switch("b", 2), Drain("a")),
    ),
    "cut off in the switch": (
        Found((OLD, NEW), (), {"a": runs("a", 1), "b": runs("b", 2)}, "b"),
        (Switch("b", 2), Drain("a")),
    ),
    "cut off after the switch": (
        Found((OLD, NEW), (), {"a": runs("a", 1, enabled=False), "b": runs("b", 2)}, "b"),
        (Drain("a"),),
    ),
    "the first release failed": (
        Found((NEW,), (), {"a": stopped("a", 2, served=False)}),
        (Start("a", 2), Switch("a", 2)),
    ),
    "the first release failed, and the source is new": (
        Found((OLD,), (), {"a": stopped("a", 1, served=False)}),
        (Build(2), Start("a", 2), Switch("a", 2)),
    ),
    "the first release was cut off before its switch": (
        Found((NEW,), (), {"a": runs("a", 2, enabled=False, served=False)}),
        (Start("a", 2), Switch("a", 2)),
    ),
    "cut off within the switch": (
        Found((OLD, NEW), (), {"a": runs("a", 1), "b": runs("b", 2, served=False)}, "b"),
        (Switch("b", 2), Drain("a")),
    ),
    "more releases than are kept": (
        Found(
            (Release(3, "x"), Release(4, "y"), Release(5, "z"), Release(6, "new")), (), {"a": runs("a", 6)}
        ),
        (Prune((3,)),),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_plan(case: str) -> None:
    found, steps = CASES[case]
    assert plan(WANTED, linked(found)) == steps


@pytest.mark.parametrize("current", [None, 1])
def test_files_of_another_release_are_not_served_for_long(current: int | None) -> None:
    found = Found((OLD, NEW), (), {"a": runs("a", 2)}, current=current)
    assert plan(WANTED, found) == (Switch("a", 2),)
    worker = replace(found, slots={"a": replace(runs("a", 2), running=frozenset({"a.service"}))})
    assert plan(WANTED, worker) == (Resume("a", 2), Switch("a", 2))


@pytest.mark.parametrize(("published", "steps"), [({"static"}, ()), ({"media"}, (Switch("a", 2),))])
def test_folders_that_are_not_public_yet_become_so(published: set[str], steps: tuple[Step, ...]) -> None:
    wanted = replace(WANTED, published=frozenset({"static"}))
    found = linked(Found((NEW,), (), {"a": runs("a", 2)}, published=frozenset(published)))
    assert plan(wanted, found) == steps


def test_what_a_slot_has_is_not_unfinished() -> None:
    slots: dict[Slot, SlotFound] = {"a": runs("a", 2), "b": stopped("b", 1)}
    assert Found((), (1, 2, 3), slots).unfinished == (3,)


def test_hooks_are_run_around_a_switch_and_only_then() -> None:
    wanted = replace(WANTED, before=True, after=True)
    assert plan(wanted, linked(Found((NEW,), (), {"a": runs("a", 2)}))) == ()
    assert plan(wanted, Found((NEW,), (), {"a": runs("a", 1)})) == (
        Before("b", 2),
        Start("b", 2),
        Switch("b", 2, due=True),
        Drain("a"),
        After("b", 2),
    )


def test_commands_after_a_switch_are_run_until_they_have_succeeded() -> None:
    wanted = replace(WANTED, after=True)
    slots: dict[Slot, SlotFound] = {
        "a": replace(runs("a", 2), due=True),
        "b": runs("b", 1, enabled=False),
    }
    found = linked(Found((NEW,), (), slots))
    assert plan(wanted, found) == (Drain("b"), After("a", 2))
    assert plan(WANTED, found) == (Drain("b"),)


def test_going_back_runs_no_commands() -> None:
    due = replace(FORMER, slots={slot: replace(found, due=True) for slot, found in FORMER.slots.items()})
    for release in (None, 3):
        assert back(due, release) == back(FORMER, release)
        assert not any(isinstance(step, Switch) and step.due for step in back(due, release))


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


@given(FOUND, st.integers(0, 8))
def test_a_run_that_is_cut_off_anywhere_is_finished_by_the_next(found: Found, cut: int) -> None:
    wanted = replace(WANTED, after=True)
    for step in plan(wanted, found)[:cut]:
        found = carried_out(found, step)
    for step in plan(wanted, found):
        found = carried_out(found, step)
    assert plan(wanted, found) == ()
    live = found.slot(found.live)
    assert not live.due
    assert live.running == units(found.live)
    assert live.enabled == units(found.live)
    assert live.release in {release.number for release in found.releases if release.digest == "new"}
    assert found.current == live.release
    assert not found.slot(other(found.live)).running
    assert not found.slot(other(found.live)).enabled


@given(FOUND)
def test_the_slot_with_the_traffic_is_never_stopped(found: Found) -> None:
    for step in plan(WANTED, found):
        if isinstance(step, Start | Drain):
            assert step.slot != found.live or not found.slot(found.live).served
        found = carried_out(found, step)


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


@pytest.mark.parametrize(
    ("found", "release", "steps"),
    [
        (FORMER, None, (Return("a", 4, units("a")), BACK, Drain("b"))),
        (FORMER, 4, (Return("a", 4, units("a")), BACK, Drain("b"))),
        (FORMER, 3, (Start("a", 3), Switch("a", 3, is_back=True), Drain("b"))),
        (FORMER, 5, ()),
        (FAILED, None, (Start("a", 4), Switch("a", 4, is_back=True), Drain("b"))),
    ],
)
def test_going_back(found: Found, release: int | None, steps: tuple[Step, ...]) -> None:
    assert back(found, release) == steps


MADE, OTHER = Made("new", "settings"), Made("new", "other settings")
ROLLED_BACK = Found(
    (Release(1, "old"), Release(2, "new")),
    (),
    {"a": replace(runs("a", 1), units=units("a")), "b": stopped("b", 2)},
    current=1,
    history=(Turn(1, "a"), Turn(2, "b", MADE), Turn(1, "a", is_back=True)),
)
NEWER = replace(WANTED, digest="newer", made=Made("newer", "settings"))
FORWARD = (Start("b", 2), Switch("b", 2), Drain("a"))


def later(*turns: Turn) -> Found:
    return replace(ROLLED_BACK, history=(*ROLLED_BACK.history, *turns))


@pytest.mark.parametrize(
    ("wanted", "found", "steps"),
    [
        (replace(WANTED, made=MADE), ROLLED_BACK, ()),
        (replace(WANTED, made=MADE, again=True), ROLLED_BACK, FORWARD),
        (replace(WANTED, made=OTHER), ROLLED_BACK, FORWARD),
        (
            replace(WANTED, digest="newer", made=Made("newer", "settings")),
            ROLLED_BACK,
            (Build(3), Start("b", 3), Switch("b", 3), Drain("a")),
        ),
        # What an earlier gatehouse has written down is known by its number alone.
        (
            replace(WANTED, made=OTHER),
            replace(ROLLED_BACK, history=(Turn(1, "a"), Turn(2, "b"), Turn(1, "a", is_back=True))),
            (),
        ),
        (replace(WANTED, made=MADE), later(Turn(3, "b", Made("x", "y")), Turn(1, "a")), ()),
        (replace(WANTED, made=MADE), later(Turn(2, "b", MADE), Turn(1, "a")), FORWARD),
        # Of a rollback that was undone by another, the other end counts.
        (replace(WANTED, made=MADE), later(Turn(2, "b", MADE, is_back=True), Turn(1, "a")), FORWARD),
        # Another gatehouse has built the same anew, and that was rolled back from.
        (
            replace(WANTED, made=MADE),
            replace(
                ROLLED_BACK,
                history=(Turn(1, "a", MADE), Turn(2, "b", MADE), Turn(1, "a", MADE, is_back=True)),
            ),
            (),
        ),
        (
            replace(WANTED, digest="old", made=MADE),
            replace(
                ROLLED_BACK,
                history=(Turn(1, "a", MADE), Turn(2, "b", MADE), Turn(1, "a", MADE, is_back=True)),
            ),
            (),
        ),
        # A release that is built anew is still the same.
        (
            replace(WANTED, made=MADE),
            replace(ROLLED_BACK, releases=(Release(1, "old"),)),
            (),
        ),
        (
            replace(WANTED, made=MADE),
            replace(ROLLED_BACK, slots={"a": replace(runs("a", 1, active=False), units=units("a"))}),
            (Resume("a", 1, units("a")),),
        ),
        (
            replace(WANTED, made=MADE),
            replace(ROLLED_BACK, current=2),
            (Switch("a", 1, units("a")),),
        ),
        (
            replace(WANTED, made=MADE),
            replace(ROLLED_BACK, slots={**ROLLED_BACK.slots, "b": runs("b", 2, enabled=False)}),
            (Drain("b"),),
        ),
    ],
)
def test_what_was_rolled_back_from_is_not_released_again_without_a_word(
    wanted: Wanted, found: Found, steps: tuple[Step, ...]
) -> None:
    assert plan(wanted, found) == steps


HERE, ELSEWHERE = Address(20010, ""), Address(31000, "")


def at(address: Address | None, found: Found) -> Found:
    return replace(found, slots={slot: replace(each, address=address) for slot, each in found.slots.items()})


@pytest.mark.parametrize(
    ("address", "split"),
    [(HERE, 4), (None, 4), (ELSEWHERE, 2), (Address(20010, "/shop"), 2)],
)
def test_what_the_proxy_does_not_find_yet_is_only_started(address: Address | None, split: int) -> None:
    found = at(address, Found((OLD,), (), {"a": runs("a", 1)}))
    steps = (Build(2), Start("b", 2), Switch("b", 2), Drain("a"))
    assert around_proxy(replace(WANTED, address=HERE), found) == (steps[:split], steps[split:])


WAITING = at(ELSEWHERE, Found((OLD, NEW), (), {"a": runs("a", 1), "b": runs("b", 2, enabled=False)}))
"""Cut off after the start at another port: the proxy may lead there already."""


@pytest.mark.parametrize("running", [units("b"), frozenset({"b.service"})])
def test_what_the_proxy_may_lead_to_is_not_started_anew(running: frozenset[str]) -> None:
    slots: dict[Slot, SlotFound] = {
        "a": WAITING.slot("a"),
        "b": replace(WAITING.slot("b"), running=running, address=HERE),
    }
    wanted = replace(WANTED, address=HERE, before=True, after=True)
    assert around_proxy(wanted, replace(WAITING, slots=slots)) == (
        (Resume("b", 2),),
        (Switch("b", 2, due=True), Drain("a"), After("b", 2)),
    )


def test_what_does_not_run_or_is_not_wanted_is_started_anew() -> None:
    wanted = replace(WANTED, address=HERE)
    for b, drain in ((stopped("b", 2), ()), (runs("b", 1, enabled=False), (Drain("b"),))):
        found = replace(WAITING, slots={"a": WAITING.slot("a"), "b": replace(b, address=HERE)})
        assert around_proxy(wanted, found) == ((*drain, Start("b", 2)), (Switch("b", 2), Drain("a")))


def test_what_never_served_is_replaced_at_once() -> None:
    found = at(ELSEWHERE, Found((NEW,), (), {"a": stopped("a", 1, served=False)}))
    assert around_proxy(replace(WANTED, address=HERE), found) == ((Start("a", 2), Switch("a", 2)), ())


@given(FOUND, st.booleans())
@example(
    Found(
        (OLD, NEW),
        (),
        {"a": runs("a", 1, enabled=False, served=False), "b": stopped("b", 2, served=False)},
        "b",
    ),
    False,
)
def test_moves_around_the_proxy_end_as_others_do(found: Found, moved: bool) -> None:
    wanted = replace(WANTED, address=HERE)
    found = at(ELSEWHERE if moved else HERE, found)
    for step in around_proxy(wanted, found)[0]:
        found = carried_out(found, step)
    for step in around_proxy(wanted, found)[1]:
        found = carried_out(found, step)
    assert plan(wanted, found) == ()


def test_going_back_to_what_the_proxy_would_not_find() -> None:
    slots: dict[Slot, SlotFound] = {
        "a": replace(FORMER.slot("a"), address=ELSEWHERE),
        "b": replace(FORMER.slot("b"), address=HERE),
    }
    found = replace(FORMER, slots=slots)
    words = "release 4 had port 31000 and prefix '', the proxy now has port 20010 and prefix ''; set the"
    with pytest.raises(Impossible, match=words):
        back(found, None, HERE)
    assert back(found, 4, HERE) == (Start("a", 4), Switch("a", 4, is_back=True), Drain("b"))
    with pytest.raises(Impossible, match=r"the settings have port 31000 .* run deploys/site.py first"):
        back(found, 4, ELSEWHERE)


def test_going_back_just_as_it_was_asks_no_settings() -> None:
    steps = (Return("a", 4, units("a")), BACK, Drain("b"))
    assert back(at(HERE, FORMER), None, ELSEWHERE) == steps


OF_AN_OLDER = replace(
    FORMER, releases=tuple(replace(release, is_startable=release.number == 5) for release in FORMER.releases)
)


@pytest.mark.parametrize(
    ("found", "release", "words"),
    [
        (Found(), None, "there is no former release to go back to"),
        (Found((NEW,), (), {"a": runs("a", 2)}), None, "there is no former release to go back to"),
        (FORMER, 9, "there is no release 9 any more, only 3, 4, 5"),
        (replace(FORMER, releases=(Release(5, "new"),)), None, "there is no release 4 any more, only 5"),
        (OF_AN_OLDER, 3, "release 3 was built by an older gatehouse, and cannot be started by this one"),
    ],
)
def test_nothing_to_go_back_to(found: Found, release: int | None, words: str) -> None:
    with pytest.raises(Impossible, match=words):
        back(found, release)


PORTS = {20010: {"/socket-20010": "x"}, 20011: {"/socket-20011": "x"}}
HELD = {port: Socket(files, is_held=True) for port, files in PORTS.items()}
LOOSE = {port: replace(socket, is_held=False) for port, socket in HELD.items()}
ELSE = {port: replace(socket, files={"/socket": "another"}) for port, socket in HELD.items()}
FORMER_PORTS = {31000: HELD[20010], 31001: HELD[20011]}
RELEASED = Found((NEW,), (), {"a": runs("a", 2)}, current=2)
OUTDATED = Found((OLD, NEW), (), {"a": replace(runs("a", 1), binds=20010), "b": stopped("b", 0)}, current=1)
AGAIN = (Start("b", 2), Switch("b", 2), Drain("a"))


@pytest.mark.parametrize(
    ("found", "sockets", "steps"),
    [
        (RELEASED, HELD, ()),
        (RELEASED, LOOSE, (Hold((20010, 20011)),)),
        (RELEASED, ELSE, (Hold((20010, 20011)),)),
        (RELEASED, HELD | {20011: LOOSE[20011]}, (Hold((20011,)),)),
        (RELEASED, {20010: HELD[20010]}, (Hold((20011,)),)),
        (RELEASED, HELD | FORMER_PORTS, (LetGo((31000, 31001)),)),
        (Found((NEW,)), {}, (Hold((20010, 20011)), Start("a", 2), Switch("a", 2))),
        (replace(OUTDATED, slots={"a": runs("a", 1)}), HELD, AGAIN),
        (replace(OUTDATED, slots={"a": runs("a", 1)}), {}, (Hold((20010, 20011)), *AGAIN)),
        # What was started before systemd held ports has one until it has drained.
        (OUTDATED, {}, (Hold((20011,)), *AGAIN, Hold((20010,)))),
        (OUTDATED, HELD, AGAIN),
    ],
)
def test_ports_are_held_before_anything_is_started(
    found: Found, sockets: dict[int, Socket], steps: tuple[Step, ...]
) -> None:
    assert plan(replace(WANTED, ports=PORTS), replace(found, sockets=sockets)) == steps


def test_former_ports_are_given_up_when_the_proxy_leads_there_no_more() -> None:
    found = replace(at(ELSEWHERE, Found((OLD, NEW), (), {"a": runs("a", 1)})), sockets=FORMER_PORTS)
    assert around_proxy(replace(WANTED, address=HERE, ports=PORTS), found) == (
        (Hold((20010, 20011)), Start("b", 2)),
        (Switch("b", 2), Drain("a"), LetGo((31000, 31001))),
    )


def test_going_back_to_what_opens_its_port_itself() -> None:
    assert back(OF_AN_OLDER, None) == back(FORMER, None)
    slots: dict[Slot, SlotFound] = {**FORMER.slots, "a": replace(FORMER.slot("a"), binds=20010)}
    found = at(HERE, replace(FORMER, slots=slots, sockets=HELD))
    return_ = (Return("a", 4, units("a")), BACK, Drain("b"))
    assert back(found, None, HERE, PORTS) == (LetGo((20010,)), *return_)
    assert back(replace(found, sockets={}), None, HERE, PORTS) == (Hold((20011,)), *return_)

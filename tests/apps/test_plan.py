"""The steps that each state of a host calls for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.apps.plan import back, plan
from deploys.apps.state import Found, Release, SlotFound
from deploys.apps.steps import After, Before, Build, Drain, Prune, Resume, Start, Step, Switch, Try
from deploys.places.apps import Slot, other
from tests.apps.planning import FORMER, FOUND, NEW, OLD, WANTED, carried_out, linked, runs, stopped, units

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

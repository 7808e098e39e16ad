"""The steps of going back, and what was rolled back from."""

from dataclasses import replace

import pytest

from deploys.apps.plan import Impossible, back, plan
from deploys.apps.state import Found, Made, Release, Turn, Wanted
from deploys.apps.steps import Build, Drain, Resume, Return, Start, Step, Switch
from tests.apps.planning import (
    BACK,
    ELSEWHERE,
    FAILED,
    FORMER,
    HERE,
    NEW,
    OF_AN_OLDER,
    WANTED,
    at,
    runs,
    stopped,
    units,
    with_slots,
)


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
IN_KINDS = Made("new", "slow", formerly="settings")
"""The settings of `MADE`, of which another gatehouse had another kind of digest."""
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
        (replace(WANTED, made=IN_KINDS), ROLLED_BACK, ()),
        (replace(WANTED, made=replace(IN_KINDS, formerly="else")), ROLLED_BACK, FORWARD),
        (replace(WANTED, made=replace(IN_KINDS, source="newer")), ROLLED_BACK, FORWARD),
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


def test_going_back_to_what_the_proxy_would_not_find() -> None:
    former_slot = replace(FORMER.slot("a"), address=ELSEWHERE)
    found = with_slots(FORMER, a=former_slot, b=replace(FORMER.slot("b"), address=HERE))
    words = "release 4 had port 31000 and prefix '', the proxy now has port 20010 and prefix ''; set the"
    with pytest.raises(Impossible, match=words):
        back(found, None, HERE)
    assert back(found, 4, HERE) == (Start("a", 4), Switch("a", 4, is_back=True), Drain("b"))
    with pytest.raises(Impossible, match=r"the settings have port 31000 .* run deploys/site.py first"):
        back(found, 4, ELSEWHERE)


def test_going_back_just_as_it_was_asks_no_settings() -> None:
    steps = (Return("a", 4, units("a")), BACK, Drain("b"))
    assert back(at(HERE, FORMER), None, ELSEWHERE) == steps


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

"""The steps around a proxy that leads elsewhere yet, and ports that have to be held or given up."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploys.apps.plan import around_proxy, back, plan
from deploys.apps.state import Address, Found, Socket
from deploys.apps.steps import After, Build, Drain, Hold, LetGo, Resume, Return, Start, Step, Switch
from tests.apps.planning import (
    BACK,
    ELSEWHERE,
    FORMER,
    FOUND,
    HERE,
    NEW,
    OF_AN_OLDER,
    OLD,
    WANTED,
    at,
    carried_out,
    runs,
    stopped,
    units,
    with_slots,
)


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
    found = with_slots(WAITING, b=replace(WAITING.slot("b"), running=running, address=HERE))
    wanted = replace(WANTED, address=HERE, before=True, after=True)
    assert around_proxy(wanted, found) == (
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
    binding = with_slots(FORMER, a=replace(FORMER.slot("a"), binds=20010))
    found = at(HERE, replace(binding, sockets=HELD))
    return_ = (Return("a", 4, units("a")), BACK, Drain("b"))
    assert back(found, None, HERE, PORTS) == (LetGo((20010,)), *return_)
    assert back(replace(found, sockets={}), None, HERE, PORTS) == (Hold((20011,)), *return_)

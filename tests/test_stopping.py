"""Ctrl-C, once and once more, by the signals themselves."""

import logging
import os
import signal
from collections.abc import Iterator

import pytest
from pyinfra.api.config import Config
from pyinfra.api.inventory import Inventory
from pyinfra.api.state import State

from deploys.stopping import Stop

KINDS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def state() -> Iterator[State]:
    """A run for one host that only pretends to be there; the tests' own ears for signals come back."""
    before = {kind: signal.getsignal(kind) for kind in KINDS}
    state = State(Inventory((["@fake/web1"], {})), Config())
    yield state
    for kind, handler in before.items():
        signal.signal(kind, handler)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    logger = logging.getLogger("pyinfra")
    before = logger.propagate
    logger.propagate = True
    yield caplog
    logger.propagate = before


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_before_anything_is_done(state: State, told: pytest.LogCaptureFixture, kind: signal.Signals) -> None:
    Stop(state)
    with pytest.raises(SystemExit) as end:
        os.kill(os.getpid(), kind)
    assert end.value.code == 130
    assert told.messages == ["--> stopped; nothing was changed"]


@pytest.mark.parametrize("first", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("second", KINDS, ids=lambda kind: kind.name)
def test_twice_while_it_is_at_work(
    state: State, told: pytest.LogCaptureFixture, first: signal.Signals, second: signal.Signals
) -> None:
    stop = Stop(state)
    state.is_executing = True
    os.kill(os.getpid(), first)
    assert stop.is_asked, "expected the first one to wait for the end of the step"
    with pytest.raises(SystemExit) as end:
        os.kill(os.getpid(), second)
    assert end.value.code == 130
    assert told.messages == [
        "--> stopping once the present step is done; Ctrl-C again leaves at once",
        "--> left at once; the server ends the step that it is at",
    ]


def test_once_between_two_steps(state: State) -> None:
    stop = Stop(state)
    state.is_executing = True
    stop.before_operation()
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(SystemExit) as end:
        stop.before_operation()
    assert end.value.code == 130

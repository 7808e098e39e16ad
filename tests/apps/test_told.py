"""What is said of an app in the end: which release has the traffic, and which had it before."""

from dataclasses import replace

import pytest

from deploys.apps.state import Found, Release, Turn
from deploys.apps.told import is_moved, traffic
from tests.apps.planning import runs, stopped

RELEASES = (Release(1, "one", commit="abc"), Release(2, "two"))
EMPTY = Found()
AT_1 = Found(RELEASES, (), {"a": runs("a", 1)}, live="a", current=1, history=(Turn(1, "a"),))
AT_2 = Found(
    RELEASES,
    (),
    {"a": stopped("a", 1), "b": runs("b", 2)},
    live="b",
    current=2,
    history=(Turn(1, "a"), Turn(2, "b")),
)
BACK_AT_1 = replace(
    AT_2,
    slots={"a": runs("a", 1), "b": stopped("b", 2)},
    live="a",
    history=(*AT_2.history, Turn(1, "a", is_back=True)),
)
ANEW_AT_1 = replace(
    AT_1,
    slots={"a": stopped("a", 1), "b": runs("b", 1)},
    live="b",
    history=(Turn(1, "a"), Turn(1, "b")),
)
AS_IT_WAS_AT_1 = replace(
    ANEW_AT_1,
    slots={"a": runs("a", 1), "b": stopped("b", 1)},
    live="a",
    history=(*ANEW_AT_1.history, Turn(1, "a", is_back=True)),
)
FAILED_AT_2 = replace(AT_1, slots={"a": runs("a", 1), "b": stopped("b", 2, served=False)})
ENDED_AT_1 = replace(AT_1, slots={"a": runs("a", 1, active=False)})
TOLD = {
    "nothing yet": (EMPTY, EMPTY, "no release has the traffic yet", False),
    "the first": (EMPTY, AT_1, "release 1 of commit abc has the traffic", False),
    "the next": (AT_1, AT_2, "release 2 has the traffic, 1 had it before", True),
    "no other": (AT_2, AT_2, "release 2 still has the traffic", False),
    "other settings": (AT_1, ANEW_AT_1, "release 1 of commit abc has the traffic, started anew", True),
    "back": (AT_2, BACK_AT_1, "release 1 of commit abc has the traffic, 2 had it before", True),
    "back, and again": (
        BACK_AT_1,
        BACK_AT_1,
        "release 1 of commit abc still has the traffic, by a rollback",
        False,
    ),
    "former settings": (
        ANEW_AT_1,
        AS_IT_WAS_AT_1,
        "release 1 of commit abc has the traffic, as it was before",
        True,
    ),
    "one that fails": (AT_1, FAILED_AT_2, "release 1 of commit abc still has the traffic", False),
    "it has ended": (
        AT_1,
        ENDED_AT_1,
        "release 1 of commit abc still has the traffic, but does not run",
        False,
    ),
    "what had ended": (ENDED_AT_1, AT_1, "release 1 of commit abc has the traffic, started again", False),
    "what had ended, after a rollback": (
        replace(BACK_AT_1, slots={"a": runs("a", 1, active=False)}),
        BACK_AT_1,
        "release 1 of commit abc has the traffic, by a rollback, started again",
        False,
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_has_the_traffic(case: str) -> None:
    before, now, words, moved = TOLD[case]
    assert traffic(before, now) == words
    assert is_moved(before, now) is moved, "expected it to have moved, or not"

"""Whatever a stranger tries comes to the end that the table has for it."""

import pytest

from tests.strangers.ends import SGR
from tests.strangers.play import Play, by_name
from tests.strangers.table import ATTEMPTS

pytestmark = pytest.mark.lab

TABLE = by_name(ATTEMPTS)


@pytest.mark.parametrize("name", TABLE)
def test_an_attempt_ends_as_it_is_to(play: Play, name: str) -> None:
    said = play.said.get(name, "")
    assert not said.startswith("broke: "), f"the attempt itself is wrong: {said}"
    if TABLE[name].tells:
        assert name in play.said, "nobody tried"
    assert name in play.seen, "nobody looked at what came of it"
    problem = TABLE[name].ends.problem(play.seen[name])
    assert problem is None, f"{problem}\n(it said: {said})"


@pytest.mark.parametrize("name", [name for name, attempt in TABLE.items() if attempt.root_can])
def test_there_is_something_to_be_kept_from(play: Play, name: str) -> None:
    ended = play.by_root[TABLE[name].tries]
    assert ended.startswith("did: "), f"root itself gets nowhere: {ended}"


def test_clients_of_the_neighbour_are_answered_by_the_neighbour(play: Play) -> None:
    assert [answer for answer in play.answers if "STOLEN" in answer] == []
    assert any('"bank": true' in answer for answer in play.answers)


@pytest.mark.parametrize(
    "run",
    [
        "spy",
        "command",
        "links",
        "daemon",
        "innocent again",
        "status",
        "backup",
        "rollback",
        "pages without end",
        "forget",
    ],
)
def test_the_operator_goes_on_as_usual(play: Play, run: str) -> None:
    assert play.codes[run] == 0, play.view.screens[run]


@pytest.mark.parametrize("run", ["spy", "links", "specials", "daemon", "words", "noise", "pages without end"])
def test_a_second_run_ends_as_the_first(play: Play, run: str) -> None:
    assert play.codes[f"{run} again"] == play.codes[run], play.view.screens[f"{run} again"]
    if play.codes[run] == 0:
        assert "] Success" not in SGR.sub("", play.view.screens[f"{run} again"]), "it changed something"


@pytest.mark.parametrize(
    "run",
    [
        "dry",
        "spy",
        "command",
        "links",
        "specials",
        "daemon",
        "words",
        "noise",
        "health as a mail",
        "health without end",
        "forget",
    ],
)
def test_nothing_ends_in_a_traceback_of_gatehouse_s_own(play: Play, run: str) -> None:
    shown = play.view.screens[run]
    assert not ("Traceback" in shown and "/deploys/" in shown), shown

"""How a build ended, as systemd says it, and what of it is told."""

import pytest

from deploys.apps.onhost.ending import PROPERTIES, STOPPED, Ending, of, told

NPM = "sh: 1: npm: not found"
REMEDY = "there is no npm: install npm on the server by apt"


@pytest.mark.parametrize(
    ("state", "ending"),
    [
        (("activating", "start", "success", "0", "0"), None),
        (("active", "running", "success", "0", "0"), None),
        (("deactivating", "stop-sigterm", "timeout", "0", "0"), None),
        (("active", "exited", "success", "1", "0"), Ending("")),
        (("active", "exited", "success", "2", "15"), Ending("it was killed")),
        (("inactive", "dead", "success", "0", "0"), STOPPED),
        (("failed", "failed", "exit-code", "1", "127"), Ending("it ended with 127", has_exited=True)),
        (("failed", "failed", "oom-kill", "1", "1"), Ending("it ended by oom-kill")),
        (("failed", "failed", "timeout", "2", "15"), Ending("it ended by timeout")),
    ],
)
def test_it_ends_as_systemd_says(state: tuple[str, ...], ending: Ending | None) -> None:
    assert of(dict(zip(PROPERTIES, state, strict=True))) == ending


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (Ending("it ended with 127", has_exited=True), f"it ended with 127: {REMEDY}"),
        (Ending("it ended by oom-kill"), "it ended by oom-kill"),
        (Ending("it ended by timeout"), "it ended by timeout"),
        (Ending("it was killed"), "it was killed"),
    ],
)
def test_how_it_ended_is_told_and_a_remedy_where_it_gave_up_by_itself(ending: Ending, said: str) -> None:
    assert told("shop: release 1 cannot be built", ending, f"{NPM}\nover") == (
        f"shop: release 1 cannot be built, {said}:\n    | {NPM}\n    | over"
    )


def test_of_what_nothing_is_lacking_its_end_is_told() -> None:
    ending = Ending("it ended with 1", has_exited=True)
    assert told("it", ending, "no") == "it, it ended with 1:\n    | no"

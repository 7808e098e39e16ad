"""Going back is as safe as going forward: broken or cut off, it changes nothing for the users."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.lab.waiting import until
from tests.provision import begun

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ROLLBACK = "deploys/rollback.py"
STATE = "/var/lib/app-moody"
SETTINGS: dict[str, Any] = {
    "hooks": {
        "before": ["sh -c 'echo before >> $STATE_DIRECTORY/hooks'"],
        "after": ["sh -c 'echo after >> $STATE_DIRECTORY/hooks'"],
    },
    "processes": {"mail": "sleep infinity"},
    "health": {"path": "/health", "timeout": 120, "settle": 0},
}
MOODY = """
import time
if WORDS == "former" and os.path.exists("/var/lib/app-moody/newer"):
    raise SystemExit("the schema is newer than I am")
while WORDS == "former" and os.path.exists("/var/lib/app-moody/wait"):
    time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def moody(make_workshop: MakeWorkshop) -> Workshop:
    return make_workshop("moody", **SETTINGS)


@pytest.fixture
def workshop(moody: Workshop) -> Iterator[Workshop]:
    """An app whose former release has number 1, and a start that a file can fail or hold up."""
    moody.server.run(f"rm -f {STATE}/*")
    for words in ("former", "present"):
        moody.says(words, MOODY)
        moody.deploy("--data", "again=yes").check()
    assert moody.releases() == ["1", "2"]
    yield moody
    moody.server.run(f"rm -f {STATE}/*")


def assert_unchanged(workshop: Workshop, before: int) -> None:
    answer = workshop.answer()
    assert (answer["words"], answer["pid"]) == ("present", before)
    assert workshop.running() == [workshop.unit(part="process-mail.service"), workshop.unit()]


def test_hooks_do_not_run(workshop: Workshop) -> None:
    hooks = workshop.server.run(f"cat {STATE}/hooks").stdout
    assert hooks.split()[-2:] == ["before", "after"], "expected those of the last deploy"
    workshop.deploy(deploy=ROLLBACK).check()
    assert workshop.answer()["words"] == "former"
    assert workshop.server.run(f"cat {STATE}/hooks").stdout == hooks


@pytest.mark.parametrize("flags", [(), ("--data", "to=1")], ids=["as it was", "by its number"])
def test_a_former_release_that_does_not_start_any_more(workshop: Workshop, flags: tuple[str, ...]) -> None:
    before = workshop.answer()["pid"]
    workshop.server.run(f"touch {STATE}/newer")
    run = workshop.deploy(*flags, deploy=ROLLBACK)
    assert run.code != 0
    assert "the schema is newer than I am" in run.output
    assert_unchanged(workshop, before)
    assert workshop.deploy().check().changed == []

    workshop.server.run(f"rm {STATE}/newer")
    workshop.deploy(*flags, deploy=ROLLBACK).check()
    assert workshop.answer()["words"] == "former"


def test_one_at_a_time_and_finished_by_the_next(workshop: Workshop) -> None:
    """Nothing else begins while one is at work; one whose controller dies changes nothing."""
    before, idle = workshop.answer()["pid"], workshop.unit("b" if workshop.live() == "a" else "a")
    workshop.server.run(f"touch {STATE}/wait")
    with begun({workshop.server.name: workshop.host_data()}, deploy=ROLLBACK) as first:
        until(lambda: workshop.state(idle) == "active", within=60, otherwise=first.output.read_text)
        for second in (workshop.deploy(deploy=ROLLBACK), workshop.deploy(env={"OTHER": "1"})):
            assert second.code != 0
            assert "is deploying since" in second.output, second.output
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
    assert workshop.answer()["pid"] == before
    workshop.server.run(f"rm {STATE}/wait")
    until(
        lambda: workshop.deploy(deploy=ROLLBACK).code == 0, within=60, otherwise="the dead run holds the lock"
    )
    assert workshop.answer()["words"] == "former"
    assert workshop.running() == [workshop.unit(part="process-mail.service"), workshop.unit()]

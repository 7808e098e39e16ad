"""An app that stops is started again, however often, and later each time where systemd can do that."""

import functools

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.lab.waiting import until

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("stubborn")
    workshop.deploy().check()
    return workshop


def shown(workshop: Workshop, key: str) -> str:
    return workshop.server.run(f"systemctl show --value -p {key} {workshop.unit()}").stdout.strip()


def is_back(workshop: Workshop, crashes: int) -> bool:
    return shown(workshop, "NRestarts") == str(crashes) and shown(workshop, "ActiveState") == "active"


def test_crash_after_crash(workshop: Workshop) -> None:
    backs_off = workshop.server.disk.debian != "12"
    waits = []
    # Without a back-off, more often than systemd puts up with unless it is told otherwise.
    for number in range(1, 5 if backs_off else 8):
        workshop.server.run(f"systemctl kill --signal=KILL {workshop.unit()}")
        until(functools.partial(is_back, workshop, number), within=120, otherwise=f"gone at crash {number}")
        waits.append(shown(workshop, "RestartUSecNext"))
    if backs_off:
        assert len(set(waits)) == len(waits), waits
    until(lambda: workshop.answer()["words"] == "first", within=30, otherwise="it does not answer")
    assert "Started server process" in workshop.server.run("journalctl -q -o cat -t stubborn").stdout
    assert workshop.deploy().check().changed == []

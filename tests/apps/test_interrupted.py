"""A run that is cut off anywhere is finished by the next, and holds the lock no longer than it lives."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import DEPLOY, Workshop
from tests.lab.waiting import until
from tests.provision import begun

pytestmark = pytest.mark.lab

WAITS = """
import pathlib, time
while "WAITS" in os.environ and pathlib.Path(os.environ["STATE_DIRECTORY"], "wait").exists():
    time.sleep(0.1)
"""
PATIENT = {"path": "/health", "timeout": 300, "settle": 0}
LONG = 120
"""Seconds after which what has not happened on a busy machine, either, never will."""


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("brittle")
    workshop.deploy().check()
    return workshop


@contextmanager
def deploying(workshop: Workshop, **changes: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a deploy beside the test; what is still at work at the end is killed."""
    data = {workshop.server.name: workshop.host_data(**changes)}
    with begun(data, deploy=DEPLOY) as run:
        yield run.process


@contextmanager
def held_up(workshop: Workshop) -> Iterator[None]:
    """Have what starts of the app with `WAITS` in its environment, and its migration, wait until the end."""
    wait = f"/var/lib/app-{workshop.name}/wait"
    workshop.server.run(f"touch {wait}")
    try:
        yield
    finally:
        workshop.server.run(f"rm {wait}")


def starting(workshop: Workshop, slot: str) -> Callable[[], bool]:
    return lambda: workshop.state(workshop.unit(slot)) == "active"


def assert_finished_by_the_next_run(workshop: Workshop, words: str) -> None:
    workshop.deploy().check()
    assert workshop.answer()["words"] == words
    assert workshop.running() == [workshop.unit()]
    assert workshop.deploy().check().changed == []


def other(slot: str) -> str:
    return "b" if slot == "a" else "a"


def test_a_second_deploy_is_refused_while_the_first_is_at_work(workshop: Workshop) -> None:
    idle = other(workshop.live())
    workshop.says("slowly", WAITS)
    with deploying(workshop, env={"WAITS": "1"}, health=PATIENT) as first:
        with held_up(workshop):
            until(starting(workshop, idle), within=LONG, otherwise="the first deploy never started the app")
            second = workshop.deploy(env={"WAITS": "2"})
            assert second.code != 0
            assert "is deploying since" in second.output, second.output
            assert "try again when that has ended" in second.output
        assert first.wait(LONG) == 0
    assert workshop.answer()["environment"]["WAITS"] == "1"
    assert_finished_by_the_next_run(workshop, "slowly")


@pytest.mark.slow
def test_a_controller_that_dies_while_the_app_starts(workshop: Workshop) -> None:
    before, idle = workshop.answer(), other(workshop.live())
    workshop.says("late", WAITS)
    with held_up(workshop), deploying(workshop, env={"WAITS": "1"}, health=PATIENT) as run:
        until(starting(workshop, idle), within=LONG, otherwise="the deploy never started the app")
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert workshop.answer()["pid"] == before["pid"]
    until(lambda: workshop.deploy().code == 0, within=LONG, otherwise="the dead run holds the lock")
    assert_finished_by_the_next_run(workshop, "late")


@pytest.mark.slow
def test_a_half_built_release_is_never_used(workshop: Workshop) -> None:
    (workshop.folder / "requirements.txt").write_text("./slow\n")
    slow = workshop.folder / "slow"
    slow.mkdir(exist_ok=True)
    (slow / "setup.py").write_text("import time; time.sleep(300)")
    with deploying(workshop) as run:
        building = f"systemctl is-active gatehouse-{workshop.name}-build.service"
        until(
            lambda: workshop.server.run(building, check=False).stdout.strip() == "active",
            within=LONG,
            otherwise="the deploy never built",
        )
        workshop.server.power_cut()
        run.send_signal(signal.SIGKILL)
        run.wait()
    workshop.lab.up(workshop.server.name)
    half = workshop.releases()[-1]
    (workshop.folder / "requirements.txt").unlink()
    (slow / "setup.py").unlink()
    workshop.says("whole")
    assert_finished_by_the_next_run(workshop, "whole")
    assert half not in workshop.releases()


@pytest.mark.slow
def test_a_power_cut_that_leaves_empty_files(workshop: Workshop) -> None:
    """As where what they held was not on the disk yet: of the live release, and of what builds the next."""
    live = workshop.server.run(f"readlink /srv/{workshop.name}/current").stdout.strip()
    workshop.server.run(f"truncate -s 0 {live}/release.json /opt/gatehouse/uv/*/bin/uv")
    workshop.says("whole again")
    assert_finished_by_the_next_run(workshop, "whole again")
    workshop.server.run(f"test -e {live}/code/shop/main.py")


@pytest.mark.slow
def test_a_link_that_leads_to_another_release(workshop: Workshop) -> None:
    """As after a slip of the hand: the proxy would serve that release's files."""
    link, pid = f"/srv/{workshop.name}/current", workshop.answer()["pid"]
    right = workshop.server.run(f"readlink {link}").stdout
    for wrong in (f"ln -sfn /srv/{workshop.name}/releases/999 {link}", f"rm {link}"):
        workshop.server.run(wrong)
        assert workshop.deploy().check().changed == [f"Release {workshop.name}"]
        assert workshop.server.run(f"readlink {link}").stdout == right
        assert workshop.deploy().check().changed == []
    assert workshop.answer()["pid"] == pid


@pytest.mark.slow
def test_a_build_that_nobody_waits_for_is_stopped(workshop: Workshop) -> None:
    (workshop.folder / "requirements.txt").write_text("./slow\n")
    slow = workshop.folder / "slow"
    slow.mkdir(exist_ok=True)
    (slow / "setup.py").write_text("import time; time.sleep(300)")
    building = f"systemctl is-active gatehouse-{workshop.name}-build.service"
    before = workshop.server.run(f"ls /srv/{workshop.name}/releases/*/release.json").stdout
    with deploying(workshop) as run:
        until(
            lambda: workshop.server.run(building, check=False).stdout.strip() == "active",
            within=LONG,
            otherwise="the deploy never built",
        )
        run.send_signal(signal.SIGKILL)
        run.wait()
    look = "find /run/gatehouse -name '*.environment' -o -name '*.netrc'"
    until(lambda: not workshop.server.run(look).stdout, within=LONG, otherwise="the build left its files")
    assert workshop.server.run(f"ls /srv/{workshop.name}/releases/*/release.json").stdout == before
    (workshop.folder / "requirements.txt").unlink()
    (slow / "setup.py").unlink()
    until(lambda: workshop.deploy().code == 0, within=LONG, otherwise="the dead run holds the lock")
    assert workshop.server.run(building, check=False).stdout.strip() == "inactive"


@pytest.mark.slow
def test_a_controller_that_dies_during_a_migration(workshop: Workshop) -> None:
    before = workshop.answer()["pid"]
    hooks = {"before": ["sh -c 'while test -e $STATE_DIRECTORY/wait; do sleep 0.1; done'"]}
    workshop.says("migrated")
    idle = workshop.unit(other(workshop.live()), "hook-before.service")
    remedy = f"{idle} is still at work in its slot; try again when it has ended, or end it: systemctl stop"
    with held_up(workshop):
        with deploying(workshop, hooks=hooks) as run:
            until(
                lambda: workshop.state(idle) == "activating",
                within=LONG,
                otherwise="the deploy ran no migration",
            )
            run.send_signal(signal.SIGKILL)
            run.wait()
        until(
            lambda: remedy in workshop.deploy(hooks=hooks).output,
            within=LONG,
            otherwise="the dead run holds the lock",
        )
        assert workshop.answer()["pid"] == before
    workshop.deploy(hooks=hooks).check()
    assert workshop.answer()["words"] == "migrated"
    assert workshop.deploy(hooks=hooks).check().changed == []
    workshop.deploy().check()


@pytest.mark.slow
def test_a_reboot_between_start_and_switch(workshop: Workshop) -> None:
    before, idle = workshop.answer(), other(workshop.live())
    workshop.says("after the boot", WAITS)
    with held_up(workshop):
        with deploying(workshop, env={"WAITS": "1"}, health=PATIENT) as run:
            until(starting(workshop, idle), within=LONG, otherwise="the deploy never started the app")
            workshop.server.power_cut()
            run.send_signal(signal.SIGKILL)
            run.wait()
        workshop.lab.up(workshop.server.name)
    until(
        lambda: workshop.state(workshop.unit()) == "active",
        within=LONG,
        otherwise="the app did not come back",
    )
    assert workshop.running() == [workshop.unit()]
    assert workshop.answer()["words"] == before["words"]
    assert_finished_by_the_next_run(workshop, "after the boot")


@pytest.mark.slow
def test_a_power_cut_right_after_the_switch(workshop: Workshop) -> None:
    """Both slots are enabled for a moment; the mark of the live one is what counts."""
    live = workshop.live()
    workshop.says("switched")
    workshop.deploy().check()
    workshop.server.run(f"systemctl enable --now {workshop.unit(live)}; sync")
    workshop.server.power_cut()
    workshop.lab.up(workshop.server.name)
    assert workshop.live() == other(live)
    run = workshop.deploy().check()
    assert f"drain slot {live}" in run.output
    assert workshop.running() == [workshop.unit()]
    assert workshop.answer()["words"] == "switched"

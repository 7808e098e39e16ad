"""Caddy and Traefik, of two runs at once, a lost connection and a full disk: all of a change, or nothing.

As nginx's own tests have it, whose program can be held up in the middle; here the lock of those who make a
configuration live is.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.conformance.wire import Request
from tests.lab import Lab
from tests.lab.waiting import until
from tests.proxies.nginx.conftest import SETTINGS
from tests.proxies.power import says
from tests.proxies.stage import Stage, chosen_proxy

pytestmark = [pytest.mark.lab, pytest.mark.slow]

HOLDER = "holds-up"
OPERATIONS = {"caddy": "Make the Caddy configuration live", "traefik": "Make the Traefik configuration live"}
HOMES = {"caddy": "/etc/gatehouse/caddy", "traefik": "/etc/traefik"}
"""Below these are the configurations, the live one's link among them."""
CUTS_THE_LINE = """
for pid in $(ls /proc | grep -E '^[0-9]+$'); do
  ls -l /proc/$pid/fd 2> /dev/null | grep -q '{lock}$' && ! grep -q '^sleep' /proc/$pid/comm && break
done
until grep -q '^sshd' /proc/$pid/comm; do pid=$(awk '$1 == "PPid:" {{ print $2 }}' /proc/$pid/status); done
kill -9 $pid
"""
"""Ends the SSH session of the run that waits."""


# Each once, one of them on each Debian.
@pytest.fixture(scope="module", params=[("caddy", "12"), ("traefik", "13")], ids="-".join)
def served_by(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    proxy, debian = request.param
    stage = Stage.on(lab, f"at-once-{proxy}-{debian}", debian, {**SETTINGS, **chosen_proxy(lab, proxy)})
    stage.deploy().check()
    stage.put_apps({"shop-a": 20100, "shop-b": 20101})
    return stage


@pytest.fixture
def stage(served_by: Stage) -> Iterator[Stage]:
    yield served_by
    served_by.deploy().check()


def served(stage: Stage) -> int:
    """Tell which configuration answers."""
    answer = stage.wire.send(Request("/x"))
    assert answer.status == 200, answer
    said = str(answer.header("Strict-Transport-Security"))
    return int(said.partition(";")[0].removeprefix("max-age="))


def is_served(stage: Stage, max_age: int) -> bool:
    try:
        return served(stage) == max_age
    except (OSError, AssertionError):
        return False


def lock(stage: Stage) -> str:
    return f"/run/gatehouse/{stage.proxy.name}.lock"


@contextmanager
def held_up(stage: Stage) -> Iterator[None]:
    """Have every run wait that is about to change the proxy."""
    stage.server.run(f"systemd-run -q --collect --unit={HOLDER} flock --no-fork {lock(stage)} sleep 300")
    at_work(stage, 0)
    try:
        yield
    finally:
        stage.server.run(f"systemctl stop {HOLDER}", check=False)


def at_work(stage: Stage, count: int) -> None:
    """Wait until so many runs wait for who holds them up."""
    look = f"ls -l /proc/[0-9]*/fd 2> /dev/null | grep -c '{lock(stage)}$' || true"
    until(lambda: int(stage.server.run(look).stdout) == count + 1, within=50, otherwise=f"not {count} wait")


def test_of_two_at_once_one_is_told_of_the_other(stage: Stage) -> None:
    name = stage.proxy.name
    with ThreadPoolExecutor() as pool:
        with held_up(stage):
            runs = {age: pool.submit(stage.deploy, **says(stage, age)) for age in (3000, 4000)}
            at_work(stage, 2)
        ended = {age: run.result() for age, run in runs.items()}
    ((winner, done),) = [(age, run) for age, run in ended.items() if run.code == 0]
    (refused,) = [run for run in ended.values() if run is not done]
    assert done.changed == [OPERATIONS[name]]
    words = f"{name}: nothing was changed, as another run has just changed it; run this one again"
    assert words in refused.output, refused.output
    assert "Traceback" not in refused.output
    assert served(stage) == winner
    other = 7000 - winner
    assert stage.deploy(**says(stage, other)).check().changed == [OPERATIONS[name]]
    assert served(stage) == other


def test_two_with_the_same_settings_both_end_well(stage: Stage) -> None:
    with ThreadPoolExecutor() as pool:
        with held_up(stage):
            runs = [pool.submit(stage.deploy, **says(stage, 3000)) for _ in range(2)]
            at_work(stage, 2)
        for run in runs:
            run.result().check()
    assert served(stage) == 3000
    assert stage.deploy(**says(stage, 3000)).check().changed == []


def test_a_connection_that_is_lost_leaves_nothing_half_done(stage: Stage) -> None:
    """The act goes on to its end on the server, were there nobody who waits for it."""
    with ThreadPoolExecutor() as pool, held_up(stage):
        run = pool.submit(stage.deploy, **says(stage, 4000))
        at_work(stage, 1)
        stage.server.run(CUTS_THE_LINE.format(lock=lock(stage)))
        lost = run.result()
    assert lost.code != 0
    assert "Traceback" not in lost.output
    until(lambda: is_served(stage, 4000), within=60, otherwise="the run has not gone on")
    stage.deploy(**says(stage, 4000)).check()
    assert stage.deploy(**says(stage, 4000)).check().changed == []


def test_a_full_disk_changes_nothing(stage: Stage) -> None:
    home, before = HOMES[stage.proxy.name], served(stage)
    stage.server.run(
        f"cp -a {home} /tmp/home && mount -t tmpfs -o size=4m tmpfs {home}"
        f" && cp -a /tmp/home/. {home} && (dd if=/dev/zero of={home}/filler || true)"
    )
    try:
        run = stage.deploy(**says(stage, 3000))
        assert run.code != 0
        assert f"{stage.proxy.name}: nothing was changed" in run.output, run.output
        assert "No space left on device" in run.output
        assert "Traceback" not in run.output
        assert served(stage) == before
        stage.restart()
        until(lambda: is_served(stage, before), within=30, otherwise="the former is not served any more")
        stage.server.run(f"rm {home}/filler")
        stage.deploy(**says(stage, 3000)).check()
        assert served(stage) == 3000
    finally:
        stage.server.run(f"umount {home} && rm -r /tmp/home")

"""Traefik on a real server: told by marks, tried before it serves, and whole after whatever becomes of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deploys.places.apps import AppPlaces
from deploys.places.sites import maintenance
from deploys.proxies.traefik.onhost import follow, where
from tests.conformance.wire import Request
from tests.lab.waiting import until
from tests.proxies.stage import Stage
from tests.proxies.traefik.acting import make_live

pytestmark = pytest.mark.lab

OPERATION = "Make the Traefik configuration live"
MARK = AppPlaces("shop", 20100).b_is_live


@pytest.fixture
def marked(stage: Stage) -> Iterator[Stage]:
    """The server, on which slot b is to have the traffic, though nobody has told Traefik."""
    stage.server.run(f"touch {MARK}")
    yield stage
    stage.server.run(f"rm -f {MARK} && {where.FOLLOW}")


def slot(stage: Stage) -> str:
    answer = stage.wire.send(Request("/x"))
    assert answer.status == 200, answer
    return str(answer.seen["app"])


def is_served_by(stage: Stage, app: str) -> bool:
    try:
        return slot(stage) == app
    except (OSError, AssertionError):
        return False


def test_a_second_run_changes_nothing(stage: Stage) -> None:
    assert stage.deploy().check().changed == []
    assert slot(stage) == "shop-a"


def test_who_has_told_it_hears_back_when_it_is_so(stage: Stage) -> None:
    for _ in range(5):
        stage.server.run(f"touch {MARK} && {where.FOLLOW}")
        assert slot(stage) == "shop-b"
        stage.server.run(f"rm {MARK} && {where.FOLLOW}")
        assert slot(stage) == "shop-a"


@pytest.fixture
def starting(stage: Stage) -> Iterator[Stage]:
    """The server while systemd waits for more of the start of a Traefik that serves already."""
    folder = f"/run/systemd/system/{where.UNIT}.d"
    stage.server.run(
        f"mkdir -p {folder} && printf '[Service]\\nExecStartPost=sleep 120\\n' > {folder}/slow.conf"
    )
    stage.server.run(f"systemctl daemon-reload && systemctl restart --no-block {where.UNIT}")
    until(lambda: state(stage) == "start-post", within=60, otherwise="it does not start")
    until(lambda: is_served_by(stage, "shop-a"), within=60, otherwise="slot a does not answer")
    yield stage
    stage.server.run(f"rm -r {folder} && systemctl daemon-reload && rm -f {MARK}")
    stage.restart()


def state(stage: Stage) -> str:
    return stage.server.run(f"systemctl show --value --property=SubState {where.UNIT}").stdout.strip()


@contextmanager
def stopped(stage: Stage) -> Iterator[None]:
    """Have Traefik read nothing for a while."""
    stage.server.run(f"kill -STOP {process(stage)}")
    try:
        yield
    finally:
        stage.server.run(f"kill -CONT {process(stage)}")


def test_an_order_while_it_starts_comes_back_when_it_is_so(starting: Stage) -> None:
    with stopped(starting):
        done = starting.server.run(f"touch {MARK} && timeout 4 {where.FOLLOW}", check=False)
        assert done.returncode == 124, f"it came back though nothing could be read: {done.stderr}"
    starting.server.run(where.FOLLOW)
    assert slot(starting) == "shop-b"
    assert state(starting) == "start-post", "expected all of it while systemd waits"


@pytest.mark.slow
def test_an_order_is_not_undone_by_a_former_one_that_waits(stage: Stage) -> None:
    with stopped(stage):
        order = f"systemd-run --quiet --collect --unit=former-order {where.FOLLOW}"
        stage.server.run(f"touch {MARK} && {order} && sleep 2 && rm {MARK}")
        latter = stage.server.run(f"timeout 1 {where.FOLLOW}", check=False)
        assert latter.returncode == 124
    stage.server.run(where.FOLLOW)
    stage.server.run("while systemctl is-active --quiet former-order; do sleep 0.1; done")
    assert slot(stage) == "shop-a"


@pytest.mark.slow
def test_it_may_start_often(stage: Stage) -> None:
    """What it begins with is made as often; were that refused, Traefik would stay down after some crashes."""
    for _ in range(8):
        stage.server.run(f"systemctl start {where.ROUTING_UNIT}")


@pytest.mark.slow
def test_what_it_follows_is_held_by_another_process(stage: Stage) -> None:
    hold = f"flock {where.RUN}/lock sleep {follow.PATIENCE + 10}"
    stage.server.run(f"systemd-run --quiet --collect {hold}")
    routing = json.loads(stage.render()[where.ROUTING])
    routing["always"]["http"]["middlewares"]["another"] = {"addPrefix": {"prefix": "/another"}}
    done = make_live(stage, {**stage.render(), where.ROUTING: json.dumps(routing)})
    assert done.returncode != 0
    assert follow.BUSY in done.stderr
    assert "the former one is live again, and runs" in done.stderr
    assert stage.deploy().check().changed == []


@pytest.mark.slow
def test_an_order_that_was_never_given_is_by_the_next_run(marked: Stage) -> None:
    assert slot(marked) == "shop-a"
    assert marked.deploy().check().changed == [OPERATION]
    assert slot(marked) == "shop-b"
    assert marked.deploy().check().changed == []


def test_after_a_crash_it_begins_with_what_the_marks_say(marked: Stage) -> None:
    marked.server.run(f"systemctl kill --signal=KILL {where.UNIT}")
    until(lambda: is_served_by(marked, "shop-b"), within=60, otherwise="slot b does not answer")


@pytest.mark.slow
def test_after_a_power_cut_it_begins_with_what_the_marks_say(marked: Stage) -> None:
    marked.server.run("sync")
    marked.server.power_cut()
    marked.lab.up(marked.name)
    until(lambda: is_served_by(marked, "shop-b"), within=60, otherwise="slot b does not answer")
    assert marked.deploy().check().changed == []


def test_a_maintenance_and_its_end(stage: Stage) -> None:
    for word, status in (("on", 503), ("off", 200)):
        stage.deploy("--data", f"maintenance={word}", deploy="deploys/maintenance.py").check()
        assert stage.wire.send(Request("/x")).status == status
    assert stage.server.run(f"test -e {maintenance('shop.test')}", check=False).returncode == 1


@pytest.mark.slow
def test_a_page_of_ones_own_for_a_maintenance(stage: Stage) -> None:
    pages = {503: "tests/conformance/pages/broken.html"}
    sites: dict[str, Any] = {
        "sites": {"shop.test": {**stage.settings["sites"]["shop.test"], "error_pages": pages}}
    }
    try:
        stage.deploy(**sites).check()
        stage.deploy("--data", "maintenance=on", deploy="deploys/maintenance.py", **sites).check()
        answer = stage.wire.send(Request("/x", method="POST", body=b"x" * 50_000))
        assert (answer.status, b"the shop is broken" in answer.body) == (503, True)
        assert answer.header("strict-transport-security") == "max-age=63072000"
    finally:
        stage.deploy("--data", "maintenance=off", deploy="deploys/maintenance.py", **sites).check()
        stage.deploy().check()


def test_what_it_does_not_take_leaves_all_as_it_was(stage: Stage) -> None:
    routing = json.loads(stage.render()[where.ROUTING])
    routing["always"]["http"]["routers"]["shop.test/:told"]["middlewares"] = ["none"]
    done = make_live(stage, {**stage.render(), where.ROUTING: json.dumps(routing)})
    assert done.returncode != 0
    assert "nothing was changed, the new configuration is not taken" in done.stderr
    assert "none@file" in done.stderr
    assert slot(stage) == "shop-a"
    assert stage.deploy().check().changed == []


def test_what_it_cannot_start_with_leaves_all_as_it_was(stage: Stage) -> None:
    static = json.loads(stage.render()[where.STATIC])
    static["entryPoints"]["web"]["http"]["aliasHeadersStrategy"] = "no-such-thing"
    done = make_live(stage, {**stage.render(), where.STATIC: json.dumps(static)})
    assert done.returncode != 0
    assert "no-such-thing" in done.stderr
    assert slot(stage) == "shop-a"
    assert stage.deploy().check().changed == []


@pytest.mark.slow
def test_a_certificate_that_is_gone_leaves_all_as_it_was(stage: Stage) -> None:
    routing = json.loads(stage.render()[where.ROUTING])
    routing["always"]["tls"]["certificates"][0]["certFile"] = "/nowhere/chain.pem"
    done = make_live(stage, {**stage.render(), where.ROUTING: json.dumps(routing)})
    assert done.returncode != 0
    assert "nothing was changed, the new configuration cannot be tried" in done.stderr
    assert "/nowhere/chain.pem" in done.stderr
    assert "Traceback" not in done.stderr
    assert stage.deploy().check().changed == []


@pytest.mark.slow
def test_what_it_reads_at_its_start_takes_a_restart(stage: Stage) -> None:
    before = process(stage)
    try:
        assert stage.deploy(max_header="64k").check().changed == [OPERATION]
        assert process(stage) != before
        assert stage.wire.send(Request("/x", headers=(("X-Long", "x" * 100_000),))).status == 200
        assert stage.deploy(max_header="64k").check().changed == []
    finally:
        stage.deploy().check()


def process(stage: Stage) -> str:
    return stage.server.run(f"systemctl show --value --property=MainPID {where.UNIT}").stdout.strip()


def test_it_is_held(stage: Stage) -> None:
    for unit in where.SERVICES:
        said = stage.server.run(f"systemd-analyze security --no-pager {unit} | tail -1").stdout
        assert float(said.split(": ")[1].split()[0]) <= 3.0, said
    keys = stage.server.run(f"runuser -u nobody -- cat {where.FOLLOWED}", check=False)
    assert keys.returncode != 0
    may = stage.server.run(f"systemctl show --value --property=CapabilityBoundingSet {where.UNIT}").stdout
    assert may.split() == ["cap_net_bind_service"]

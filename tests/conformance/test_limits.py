"""What one client may ask, and how slowly."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import pytest

from tests.conformance.differences import instead
from tests.conformance.settings import SETTINGS
from tests.conformance.wire import Request, parse
from tests.lab import Lab
from tests.lab.waiting import until
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab

RATE = "sites.*.routes.*.limits.rate"
CONNECTIONS = "sites.*.routes.*.limits.connections"

FORGED = (
    (("X-Forwarded-For", "203.0.113.{}"),),
    (("X-Real-IP", "203.0.113.{}"),),
    (("Forwarded", "for=203.0.113.{}"),),
    (("CF-Connecting-IP", "203.0.113.{}"),),
)


def statuses(
    stage: Stage, target: str, count: int, headers: tuple[tuple[str, str], ...] = ()
) -> list[int | None]:
    requests = [
        Request(target, headers=tuple((name, value.format(number)) for name, value in headers))
        for number in range(count)
    ]
    return [stage.wire.send(request).status for request in requests]


@pytest.fixture
def rested(stage: Stage) -> Stage:
    """A proxy that has forgotten who asked how often."""
    stage.restart()
    return stage


@pytest.mark.needs(RATE)
def test_a_burst_is_served_at_once_and_what_is_above_it_refused(rested: Stage) -> None:
    assert statuses(rested, "/rated/x", 8) == [200] * 5 + [429] * 3


@pytest.mark.needs(RATE)
def test_other_routes_are_not_counted(rested: Stage) -> None:
    assert statuses(rested, "/rated/x", 6)[-1] == 429
    assert statuses(rested, "/x", 3) == [200] * 3


@pytest.mark.needs(RATE)
def test_no_burst(rested: Stage) -> None:
    assert statuses(rested, "/strict/x", 3) == [200, 429, 429]


@pytest.mark.needs(RATE)
@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: headers[0][0])
def test_a_client_cannot_pretend_to_be_many(rested: Stage, headers: tuple[tuple[str, str], ...]) -> None:
    assert statuses(rested, "/strict/x", 3, headers) == [200, 429, 429]


@pytest.mark.needs(RATE)
@pytest.mark.parametrize(
    "target",
    ["/strict/", "/strict", "/strict/x?a", "/%73trict/x", "/strict//x"],
)
def test_other_words_for_a_path_are_counted_with_it(rested: Stage, target: str) -> None:
    assert statuses(rested, "/strict/x", 1) == [200]
    assert statuses(rested, target, 1) == [429]


@pytest.mark.needs(RATE)
def test_websockets_and_streams_are_counted(rested: Stage) -> None:
    assert statuses(rested, "/strict/x", 1) == [200]
    assert statuses(rested, "/strict/x", 1, (("Accept", "text/event-stream"),)) == [429]


@pytest.mark.needs(RATE)
def test_each_client_is_counted_for_itself(rested: Stage, lab: Lab) -> None:
    assert statuses(rested, "/strict/x", 2) == [200, 429]
    words = (str(rested.server.address), str(rested.roots), "/strict/x", "2")
    command = lab.client("another").command(sys.executable, "-m", "tests.conformance.wire", *words)
    assert subprocess.check_output(command, text=True).split() == ["200", "429"]


@pytest.mark.needs(CONNECTIONS)
def test_open_requests_are_counted(stage: Stage) -> None:
    slow = Request("/narrow/x", headers=(("X-Do", "sleep:2"),))
    with ThreadPoolExecutor(4) as pool:
        found = sorted(answer.status or 0 for answer in pool.map(stage.wire.send, [slow] * 4))
    assert found == [200, 200, 429, 429]


@pytest.mark.needs("sites.*.client_timeout")
def test_a_body_that_stops_is_given_up(stage: Stage) -> None:
    """This site waits two seconds for more of a body."""
    with stage.wire.connect("other.test") as link:
        request = Request("/app/x", host="other.test", method="POST", headers=(("Content-Length", "10"),))
        link.sendall(request.bytes() + b"x")
        assert parse(link).status in {408, None}


def is_answered(stage: Stage, target: str, status: int) -> bool:
    return stage.wire.send(Request(target)).status == status


OF_TWO_SITES = ("limits", "open requests of two sites")


@pytest.mark.needs("client_connections")
def test_bodies_that_trickle_keep_nobody_else_out(rested: Stage, lab: Lab) -> None:
    """A byte now and then is no pause; so a client has only so many requests open, on any site and route."""
    most = SETTINGS["client_connections"]
    counted = instead(rested.proxy.name, *OF_TWO_SITES).get("sites", 2)
    places = (("shop.test", "/x"), ("bare.test", "/app"))[:counted]
    with ExitStack() as links:
        for number in range(most):
            site, target = places[number % counted]
            link = links.enter_context(rested.wire.connect(site))
            slow = Request(target, host=site, method="POST", headers=(("Content-Length", "1000"),))
            link.sendall(slow.bytes() + b"x")
        for target in ("/x", "/narrow/x", "/static/plain.txt"):
            until(partial(is_answered, rested, target, 429), within=20, otherwise=f"{target} is still served")
        words = (str(rested.server.address), str(rested.roots), "/x", "1")
        command = lab.client("another").command(sys.executable, "-m", "tests.conformance.wire", *words)
        assert subprocess.check_output(command, text=True).split() == ["200"]
    until(partial(is_answered, rested, "/x", 200), within=20, otherwise="it is still counted")


@pytest.mark.slow
@pytest.mark.needs("sites.*.client_timeout")
def test_a_head_that_trickles_is_given_up(stage: Stage) -> None:
    """Slowloris: a byte now and then does not keep a connection."""
    with stage.wire.connect("shop.test") as link:
        link.sendall(b"GET /x HTTP/1.1\r\nHost: shop.test\r\n")
        link.settimeout(1)
        for _ in range(120):
            try:
                link.sendall(b"X-A: b\r\n")
                if not link.recv(1024):
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("the connection was kept for two minutes")


def test_many_slow_clients_keep_nobody_out(stage: Stage) -> None:
    with ExitStack() as links:
        for _ in range(300):
            link = links.enter_context(stage.wire.connect("", tls=False))
            link.sendall(b"GET / HTTP/1.1\r\n")
        assert stage.wire.send(Request("/x")).status == 200

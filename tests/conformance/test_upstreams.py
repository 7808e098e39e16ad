"""Connections to the apps, and what becomes of requests when one of them fails."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conformance.differences import instead
from tests.conformance.settings import POOL
from tests.conformance.wire import Request
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab


def asked(stage: Stage, target: str, count: int, **request: Any) -> list[dict[str, Any]]:
    """Send so many requests one after the other, and give what the apps saw."""
    answers = [stage.wire.send(Request(target, **request)) for _ in range(count)]
    return [answer.seen for answer in answers if answer.status == 200]


@pytest.mark.parametrize("target", ["/x", "/api/v1/x", "/direct/x", "/buffered/x"])
def test_connections_to_an_app_are_kept(stage: Stage, target: str) -> None:
    seen = asked(stage, target, 40)
    assert len(seen) == 40
    # One for each of nginx's workers would do; more means that they are not kept.
    assert len({entry["connection"] for entry in seen}) <= 8


def test_posts_use_kept_connections_too(stage: Stage) -> None:
    seen = asked(stage, "/x", 40, method="POST")
    assert len({entry["connection"] for entry in seen}) <= 8


def test_a_websocket_handshake_does_not_spoil_kept_connections(stage: Stage) -> None:
    headers = (("Upgrade", "h2c"), ("Connection", "Upgrade"))
    seen = [stage.wire.send(Request("/x", headers=headers)).seen for _ in range(30)]
    assert len({entry["connection"] for entry in seen}) <= 8


def test_servers_take_turns(stage: Stage) -> None:
    turns = Counter(entry["app"] for entry in asked(stage, "/pool/x", 60))
    assert turns.keys() == POOL.keys()
    assert min(turns.values()) >= 15


@pytest.mark.needs("upstreams.*.balance")
def test_the_least_busy_server_is_asked(stage: Stage) -> None:
    slow = Request("/busy/slow", headers=(("X-Do", "sleep:3"),))
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(stage.wire.send, slow) for _ in range(2)]
        while len({entry["app"] for entry in arrived(stage, "/slow")}) < 2:
            pass
        busy = {str(entry["app"]) for entry in arrived(stage, "/slow")}
        quick = Counter(entry["app"] for entry in asked(stage, "/busy/x", 10))
        assert all(future.result().status == 200 for future in waiting)
    assert quick.keys() == POOL.keys() - busy


def arrived(stage: Stage, target: str) -> list[dict[str, str]]:
    """List the requests for a target that apps have got, answered or not."""
    log: list[dict[str, str]] = json.loads(stage.wire.send(Request("/log", headers=(("X-Do", "log"),))).body)
    return [entry for entry in log if f" {target} " in entry["line"]]


def test_a_dead_server_is_passed_over(stage: Stage) -> None:
    assert [entry["app"] for entry in asked(stage, "/failing/x", 10)] == ["one"] * 10


def test_a_dead_server_is_passed_over_for_posts_too(stage: Stage) -> None:
    """A connection that is refused has carried nothing, so nothing is sent twice."""
    seen = asked(stage, "/failing/x", 10, method="POST")
    assert [entry["app"] for entry in seen] == ["one"] * 10


MOVES_ON = ("upstreams", "a request that may be sent again, and one server leaves")


def test_an_idempotent_request_moves_on_once(stage: Stage) -> None:
    stage.restart()  # what fails on a kept connection is no try yet: the server may just have closed it
    before = len(arrived(stage, "/moves-on"))
    answer = stage.wire.send(Request("/pool/moves-on", headers=(("X-Do", "vanish"),)))
    assert answer.status == 502
    expected = instead(stage.proxy.name, *MOVES_ON).get("servers", 2)
    assert len(arrived(stage, "/moves-on")) - before == expected


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_request_that_may_have_acted_is_never_sent_twice(stage: Stage, method: str) -> None:
    before = len(arrived(stage, "/once"))
    answer = stage.wire.send(Request("/pool/once", method=method, headers=(("X-Do", "vanish"),)))
    assert answer.status == 502
    assert len(arrived(stage, "/once")) - before == 1


BREAKS_OFF = ("upstreams", "an answer that breaks off")


def test_an_answer_that_breaks_off_is_not_made_whole(stage: Stage) -> None:
    answer = stage.wire.send(Request("/x", headers=(("X-Do", "break-off"),)))
    assert answer.status == instead(stage.proxy.name, *BREAKS_OFF).get("status", 200)
    assert len(answer.body) < 1000


def test_traffic_moves_to_the_other_slot_at_once(stage: Stage) -> None:
    assert {entry["app"] for entry in asked(stage, "/x", 5)} == {"root-a"}
    stage.server.run("touch /var/lib/gatehouse/live/root-b")
    try:
        stage.obey()
        assert {entry["app"] for entry in asked(stage, "/x", 5)} == {"root-b"}
        assert {entry["app"] for entry in asked(stage, "/plain/x", 5)} == {"plain-a"}
    finally:
        stage.server.run("rm /var/lib/gatehouse/live/root-b")
        stage.obey()
    assert {entry["app"] for entry in asked(stage, "/x", 5)} == {"root-a"}

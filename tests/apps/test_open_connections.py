"""Streams and WebSockets that are open while a release takes over, and what becomes of them."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.apps.conftest import Front
from tests.bench import releases
from tests.house import House
from tests.lab.waiting import until

pytestmark = pytest.mark.lab

RESTART, BROKEN, NO_WORD = 1012, 1011, 1006
"""Close codes (IANA's registry); the last one is what a client calls a close without a word."""
CLOSE_CODES = {
    "uvicorn": {RESTART},
    "fastapi": {RESTART},
    "gunicorn-uvicorn": {RESTART},
    "gunicorn": {NO_WORD},
    "granian": {NO_WORD},
    "hypercorn": {NO_WORD, BROKEN},  # the latter with a Python before 3.12
}

LONG = 1000
"""Events of a stream, as many as the demo gives: four minutes."""


@contextmanager
def deploying(house: House, app: str) -> Iterator[Future[None]]:
    """Have another release take over meanwhile."""
    with ThreadPoolExecutor() as pool:
        yield pool.submit(releases.deploys, house, 1, app)


def until_moved(house: House, app: str, pid: int) -> None:
    until(
        lambda: house.app(f"/{app}/v1/echo")["pid"] != pid,
        within=60,
        otherwise="the traffic has not moved",
    )


def close_code(closed: ConnectionClosed) -> int:
    return closed.rcvd.code if closed.rcvd else NO_WORD


def events(house: House, app: str, count: int) -> Iterator[str]:
    """Read server-sent events as they come, four a second."""
    site = house.outside
    with site.client() as client:
        url = f"https://{site.address}/{app}/v1/events?count={count}&interval=0.25"
        extensions = {"sni_hostname": site.domain}
        request = client.build_request("GET", url, headers={"host": site.domain}, extensions=extensions)
        for line in client.send(request, stream=True).iter_lines():
            if line:
                yield line


def assert_nothing_failed(house: House) -> None:
    failed = house.server.run("systemctl list-units --failed --plain --no-legend 'gatehouse*'").stdout
    assert failed == ""


def test_a_websocket_goes_on_after_the_switch_until_the_grace_ends(front: Front) -> None:
    house, app = front.house, "uvicorn"
    with house.outside.websocket(f"/{app}/v1/ws") as brief, house.outside.websocket(f"/{app}/v1/ws") as long:
        pid = json.loads(brief.recv(timeout=60))["pid"]
        assert json.loads(long.recv(timeout=60))["pid"] == pid
        with deploying(house, app) as deploy:
            until_moved(house, app, pid)
            for socket in (brief, long):
                socket.send("still here")
                assert socket.recv(timeout=60) == "still here"
            brief.close()
            with pytest.raises(ConnectionClosed) as closed:
                long.recv(timeout=600)
            deploy.result()
    assert close_code(closed.value) in CLOSE_CODES[app]
    assert_nothing_failed(house)


@pytest.mark.slow
def test_a_stream_that_ends_within_the_grace_is_whole(front: Front) -> None:
    house, app, count = front.house, "uvicorn", 80
    pid = house.app(f"/{app}/v1/echo")["pid"]
    apps = {**house.settings["apps"]}
    changed = {**apps[app], "drain": 60, "env": {"DEMO_VERSION": "while a stream is open"}}
    stream = events(house, app, count)
    assert next(stream) == "data: 0"
    with ThreadPoolExecutor() as pool:
        deploy = pool.submit(house.deploy, apps={**apps, app: changed})
        until_moved(house, app, pid)
        assert not deploy.done()
        assert list(stream) == [f"data: {number}" for number in range(1, count)]
        deploy.result().check()
    assert_nothing_failed(house)
    house.deploy().check()


@contextmanager
def open_socket(front: Front, app: str) -> Iterator[ClientConnection | None]:
    """Open a WebSocket where the app's interface has any."""
    if app in front.wsgi:
        yield None
        return
    with front.house.outside.websocket(f"/{app}/v1/ws") as socket:
        socket.recv(timeout=10)
        yield socket


@pytest.mark.slow
def test_what_is_open_at_the_end_of_the_grace_is_closed(front: Front) -> None:
    """Whatever the server, systemd never has to kill it, which counts as a failure and raises an alert."""
    house = front.house
    for app in front.apps:
        stream = events(house, app, LONG)
        assert next(stream) == "data: 0"
        with open_socket(front, app) as socket, deploying(house, app) as deploy:
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
                list(stream)
            if socket:
                with pytest.raises(ConnectionClosed) as closed:
                    socket.recv(timeout=60)
                assert close_code(closed.value) in CLOSE_CODES[app], app
            deploy.result()
        assert_nothing_failed(house)
    house.deploy().check()

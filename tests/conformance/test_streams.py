"""WebSockets, server-sent events and slow bodies."""

import base64
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conformance.wire import Request
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab


@contextmanager
def websocket(stage: Stage, target: str, host: str = "shop.test") -> Iterator[socket.socket]:
    """Open a WebSocket, as RFC 6455 has it in section 4.1."""
    key = base64.b64encode(os.urandom(16)).decode()
    with stage.wire.connect(host) as link:
        lines = (
            f"GET {target} HTTP/1.1",
            *(f"Host: {host}", "Upgrade: WebSocket", "Connection: keep-alive, Upgrade"),
            *(f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""),
        )
        link.sendall("\r\n".join(lines).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += link.recv(1)
        assert head.startswith(b"HTTP/1.1 101 "), head
        yield link


def echo(link: socket.socket, text: bytes) -> None:
    """Send a masked frame, and have it back."""
    link.sendall(bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text)
    wanted = bytes([0x81, len(text)]) + text
    found = b""
    while len(found) < len(wanted):
        more = link.recv(1024)
        assert more, "the WebSocket was closed"
        found += more
    assert found == wanted


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/ws", "shop.test"),
        ("/api/v1/ws?x=1", "shop.test"),
        ("/api/v1", "shop.test"),
        ("/pool/ws", "shop.test"),
        ("/app/ws", "other.test"),
        ("/rated/ws", "shop.test"),
        ("/buffered/ws", "shop.test"),
    ],
)
def test_websockets_open_on_every_route(stage: Stage, target: str, host: str) -> None:
    with websocket(stage, target, host) as link:
        echo(link, b"hello")
        echo(link, b"again")


def test_a_websocket_may_be_silent_for_longer_than_an_app(stage: Stage) -> None:
    """On this route an app has one second to answer, and a WebSocket four."""
    with websocket(stage, "/quick/ws") as link:
        time.sleep(2.5)
        echo(link, b"still here")


def test_a_websocket_survives_a_reload(stage: Stage) -> None:
    with websocket(stage, "/ws") as link:
        echo(link, b"before")
        stage.reload()
        time.sleep(1)
        echo(link, b"after")


def test_events_come_one_by_one(stage: Stage) -> None:
    """Each is read before the app has made the next."""
    with stage.wire.connect("shop.test") as link:
        headers = (("X-Do", "events:3,1"), ("Accept", "text/event-stream"), ("Accept-Encoding", "gzip"))
        link.sendall(Request("/plain/events", headers=headers).bytes())
        pieces = []
        while piece := link.recv(65536):
            pieces.append(piece)
    events = [piece for piece in pieces if b"data: " in piece]
    assert [piece.count(b"data: ") for piece in events] == [1, 1, 1]


def test_events_may_be_further_apart_than_an_answer_may_be_late(stage: Stage) -> None:
    headers = (("X-Do", "events:2,2"), ("Accept", "text/event-stream"))
    answer = stage.wire.send(Request("/quick/events", headers=headers))
    assert answer.body == b"data: 0\n\ndata: 1\n\n"


def test_streams_that_do_not_say_so_come_piece_by_piece_too(stage: Stage) -> None:
    with stage.wire.connect("shop.test") as link:
        headers = (("X-Do", "events:3,1"), ("Content-Length", "0"))
        link.sendall(Request("/plain/tokens", method="POST", headers=headers).bytes())
        pieces = []
        while piece := link.recv(65536):
            pieces.append(piece)
    assert [piece.count(b"data: ") for piece in pieces if b"data: " in piece] == [1, 1, 1]


def test_a_slow_body_reaches_the_app_whole(stage: Stage) -> None:
    """An app is not asked before all of the body is there; a slow client costs it nothing."""
    with stage.wire.connect("shop.test") as link:
        request = Request("/plain/slow-body", method="POST", headers=(("Content-Length", "10"),))
        link.sendall(request.bytes())
        for _ in range(10):
            time.sleep(0.1)
            link.sendall(b"x")
        assert b'"length": 10' in link.recv(65536)


def test_expect_100_continue(stage: Stage) -> None:
    with stage.wire.connect("shop.test") as link:
        headers = (("Content-Length", "5"), ("Expect", "100-continue"))
        link.sendall(Request("/plain/x", method="POST", headers=headers).bytes())
        assert link.recv(65536).startswith(b"HTTP/1.1 100 ")
        link.sendall(b"hello")
        assert b'"length": 5' in link.recv(65536)

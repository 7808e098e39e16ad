"""Whatever answers by HTTP, nobody waits for it for ever."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import repeat

import pytest

from deploys.onhost import bounded

OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "nothing": (b"", b""),
    "a status without an end": (b"HTTP/1.1 200 ", b"x" * 1000),
    "a status that is still to come": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a header without an end": (OK + b"X: ", b"x" * 1000),
    "headers without an end": (OK, b"X: x\r\n"),
    "a body without an end": (OK + b"\r\n", b"x" * 1000),
    "a body in pieces without an end": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a piece without an end": (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 1000),
}


@contextmanager
def served(first: bytes, then: bytes) -> Iterator[int]:
    """Answer one client, and go on for as long as it is there."""
    gone = threading.Event()

    def serve() -> None:
        client, _ = server.accept()
        with client, suppress(OSError):
            client.sendall(first)
            for piece in repeat(then):
                client.sendall(piece)
                if not piece and gone.wait():
                    break

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        gone.set()
        thread.join()


def asked(port: int, seconds: float) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/")
        return bounded.answer(connection, seconds).read()
    finally:
        connection.close()


@pytest.mark.parametrize("way", ENDLESS)
def test_it_comes_to_an_end(way: str) -> None:
    with served(*ENDLESS[way]) as port, pytest.raises((OSError, http.client.HTTPException)):
        asked(port, 1)


def test_an_answer_is_taken() -> None:
    with served(OK + b"Content-Length: 5\r\n\r\nhello", b"") as port:
        assert asked(port, 60) == b"hello"

"""Whatever answers by HTTP, nobody waits for it for ever."""

import http.client
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import repeat

import pytest

from deploys.onhost import bounded, heads

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


_KIND = "Content-Type: multipart/mixed; boundary="
_PARTS = "".join(f"{_KIND}b{one}\r\r--b{one}\r" for one in range(1000))
HEADS = {
    "mails in mails": "Content-Type: message/rfc822\r\r" * 2000,
    "parts in parts": _PARTS,
    "parts in parts, behind another header": f"X: y\r{_PARTS}",
    "parts in parts, a line each": "".join(f"{_KIND}b{one}\r\n--b{one}\r\n" for one in range(40)),
    "a boundary that is looked for over and over": f'{_KIND}"{";" * 2000}',
    "the same, whatever its case": f'{_KIND.upper()}"{";" * 2000}',
    "twice": f"{_KIND}b\r\n" * 2,
}
"""Over which a reader of mails takes minutes, where they are some ten times as long, or gives up."""


@pytest.mark.parametrize("what", HEADS)
def test_a_head_is_no_mail(what: str) -> None:
    head = HEADS[what].encode()
    assert len(head) < 1 << 16
    with served(OK + head + b"\r\nContent-Length: 5\r\n\r\nhello", b"") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/")
        found = bounded.answer(connection, 60)
        connection.close()
    assert found.status == 200
    assert "Content-Type" not in found.headers
    assert isinstance(found.headers.get_payload(), str), "it was taken apart"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8192])
def test_a_return_within_a_line_ends_none(size: int) -> None:
    written = b"HTTP/1.1 200 OK\r\nX: a\rContent-Length: 9\r\rY: b\r\nContent-Type: a\r\n\r\nx\r"
    lines = heads.Lines(io.BytesIO(written), size)
    assert [*iter(lines.readline, b"")] == [
        *(b"HTTP/1.1 200 OK\r\n", b"X: a Content-Length: 9  Y: b\r\n", b"\r\n", b"x\r"),
    ]


def test_a_line_that_is_too_long_is_refused_whatever_it_says() -> None:
    too_long = OK + b"Content-Type: " + 65_524 * b"x" + b"\r\nX: y\r\n\r\n"
    with served(too_long, b"") as port, pytest.raises(http.client.LineTooLong):
        asked(port, 60)

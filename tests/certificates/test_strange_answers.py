"""Whoever answers at an address that DNS gives may answer anything: it is told, and harms nothing."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploys.certificates.onhost import challenge

NAME, HERE = "a.test", "127.0.0.1"
Answering = Callable[[bytes], None]


@pytest.fixture(scope="module")
def stranger() -> Iterator[Answering]:
    """Something that answers each connection, be it HTTP or HTTPS, with the bytes that it was told last."""
    answers, context = [b""], ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(NAME).configure_cert(context)

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            # A client that hangs up, or a redirect to a port that is no web server's, ends nothing here.
            with suppress(OSError), connection, secured(connection) as secure:
                secure.recv(65536)
                secure.sendall(answers[0])

    def secured(connection: socket.socket) -> socket.socket:
        hello = connection.recv(1, socket.MSG_PEEK) == b"\x16"
        return context.wrap_socket(connection, server_side=True) if hello else connection

    def answer(text: bytes) -> None:
        answers[0] = text

    with socket.create_server((HERE, 0)) as listening, pytest.MonkeyPatch.context() as patch:
        port = listening.getsockname()[1]
        patch.setattr(challenge, "_HTTP", port)
        patch.setattr(challenge, "_HTTPS", port)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield answer
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def redirect(location: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\ntoken", "ok"),
        (b"HTTP/1.1 200 OK\r\n\r\nwelcome", "status 200 with something else"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "status 404"),
        (b"SSH-2.0-OpenSSH_10.0\r\n", "no HTTP (BadStatusLine)"),
        (b"", "fails ('Remote end closed connection without response')"),
        (redirect(b"http://evil.test/"), "status 302 to http://evil.test/"),
        (redirect(b"http://evil.test/\x1b[2J"), "status 302 to http://evil.test/\\x1b[2J"),
        (redirect(b"http://evil.test/" + 200 * b"a"), f"status 302 to http://evil.test/{54 * 'a'}…"),
        (redirect(b"https://[bad/"), "a redirect to what is no URL"),
        (redirect("https://a.test/größer".encode()), "a redirect to what is no URL"),
    ],
)
def test_what_is_told(stranger: Answering, answer: bytes, expected: str) -> None:
    stranger(answer)
    assert challenge.fetched(NAME, HERE, "token") == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(location=st.one_of(st.binary(max_size=99), st.binary(max_size=99).map(b"https://a.test/".__add__)))
def test_any_location_is_told_in_one_printable_line(stranger: Answering, location: bytes) -> None:
    stranger(redirect(location))
    told = challenge.fetched(NAME, HERE, "token")
    assert told.isprintable()
    assert len(told) < 100

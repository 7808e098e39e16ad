"""The program that answers for Traefik, asked over HTTP."""

import http.client
import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from deploys.proxies.traefik.onhost import pages, where
from tests.serving import serving

CHALLENGE = "/.well-known/acme-challenge"
PAGE = "/503/example.com.html"


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The program at a socket that is there already, as systemd hands it one."""
    folder = tmp_path / "webroot" / CHALLENGE.lstrip("/")
    folder.mkdir(parents=True)
    (folder / "token").write_text("answer")
    (folder / "link").symlink_to("/etc/passwd")
    page = tmp_path / "live" / where.PAGES / PAGE.lstrip("/")
    page.parent.mkdir(parents=True)
    page.write_text("<p>be right back")
    monkeypatch.setattr(where, "LIVE", tmp_path / "live")
    monkeypatch.setattr(pages.Handler, "webroot", str(tmp_path / "webroot"))
    listening = socket.create_server(("127.0.0.1", 0))
    with serving(pages.Server(listening)):
        yield listening.getsockname()[1]


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", f"{CHALLENGE}/token", 200, b"answer"),
        ("GET", f"{CHALLENGE}/token?x=y", 200, b"answer"),
        ("HEAD", f"{CHALLENGE}/token", 200, b""),
        ("POST", f"{CHALLENGE}/token", 405, b""),
        ("GET", f"{CHALLENGE}/none", 404, b""),
        ("GET", f"{CHALLENGE}/", 404, b""),
        ("GET", f"{CHALLENGE}/../../live/pages{PAGE}", 404, b""),
        ("GET", f"{CHALLENGE}/..%2ftoken", 404, b""),
        *((method, PAGE, 503, b"<p>be right back") for method in ("GET", "POST", "DELETE", "PROPFIND")),
        ("HEAD", PAGE, 503, b""),
        ("GET", "/503/none.html", 503, b""),
        ("GET", "/503/..%2f..%2fetc.html", 404, b""),
        ("GET", "/503/../503/example.com.html", 404, b""),
        ("GET", "/", 404, b""),
        ("GET", "/etc/passwd", 404, b""),
    ],
)
def test_answers(port: int, method: str, path: str, status: int, body: bytes) -> None:
    assert ask(port, path, method) == (status, body)


def test_what_a_client_says_is_not_read_as_a_mail(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes seconds of the processor for a boundary of 64 KB."""
    seen: list[Any] = []
    answer = pages.Handler._answer

    def noting(handler: pages.Handler) -> None:
        seen.append(handler.headers)
        answer(handler)

    monkeypatch.setattr(pages.Handler, "_answer", noting)
    kind = f'multipart/mixed; boundary="{";" * 2000}'
    assert ask(port, f"{CHALLENGE}/token", headers={"Content-Type": kind, "X": "y"}) == (200, b"answer")
    assert [(one["X"], one["Content-Type"]) for one in seen] == [("y", None)]


@pytest.mark.parametrize("length", ["Content-Length: {}", "Transfer-Encoding: chunked", "X: none"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("path", [PAGE, f"{CHALLENGE}/token", f"{CHALLENGE}/none", "/"])
def test_a_body_does_not_become_a_request(port: int, path: str, method: str, length: str) -> None:
    hidden = b"GET /.well-known/acme-challenge/token HTTP/1.1\r\nHost: x\r\n\r\n"
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n{length.format(len(hidden))}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(head.encode() + hidden)
        link.shutdown(socket.SHUT_WR)
        said = b""
        while more := link.recv(4096):
            said += more
    assert said.count(b"HTTP/1.1 ") == 1


def test_a_body_that_is_large_is_not_waited_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(f"POST {PAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: {10**9}\r\n\r\n".encode())
        assert link.recv(4096).startswith(b"HTTP/1.1 503 ")


@pytest.mark.parametrize("length", [f"Content-Length: {3 << 20}", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("method", ["POST", "HEAD"])
def test_an_answer_reaches_who_sends_the_whole_body_first(port: int, method: str, length: str) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    body = chunk * 48 + b"0\r\n\r\n" if "chunked" in length else b"x" * (3 << 20)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        link.sendall(f"{method} {PAGE} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
        link.sendall(body)
        said = link.makefile("rb").read()
    assert said.startswith(b"HTTP/1.1 503 ")
    assert said.endswith(b"\r\n\r\n" if method == "HEAD" else b"<p>be right back")


def test_many_at_once(port: int) -> None:
    links = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(50)]
    try:
        assert ask(port, f"{CHALLENGE}/token") == (200, b"answer")
    finally:
        for link in links:
            link.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to somebody else")
def test_a_link_counts_only_where_root_alone_puts_things(port: int, tmp_path: Path) -> None:
    assert ask(port, f"{CHALLENGE}/link")[0] == 200, "expected root's own link to be followed"
    os.chown(tmp_path / "webroot" / CHALLENGE.lstrip("/"), 65534, 65534)
    assert ask(port, f"{CHALLENGE}/link") == (404, b"")

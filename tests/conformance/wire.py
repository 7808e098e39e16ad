"""HTTP/1.1 from the outside, byte for byte: what a client library would mend is sent as it stands here."""

import json
import re
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

TIMEOUT = 20.0
HTTP_0_9 = 0
"""Instead of a status: the answer has no head at all."""


@dataclass(frozen=True)
class Request:
    """One request; what is not given is what a browser would send."""

    target: str = "/"
    host: str = "shop.test"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    tls: bool = True
    sni: str | None = None
    """The name asked for in the handshake; the host unless given, and none if empty."""
    raw: bytes | None = None
    """The request as it goes over the wire, instead of all that."""
    host_header: str | None = None

    def bytes(self) -> bytes:
        if self.raw is not None:
            return self.raw
        named = {name.lower() for name, _ in self.headers}
        headers = [("Host", self.host if self.host_header is None else self.host_header), *self.headers]
        if self.body and not named & {"content-length", "transfer-encoding"}:
            headers.append(("Content-Length", str(len(self.body))))
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\nConnection: close\r\n\r\n" + self.body


@dataclass(frozen=True)
class Answer:
    """What came back; no status where the connection was cut, and no handshake where TLS was refused."""

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    handshake: bool = True

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2, f"{name} is there more than once: {found}"
        return found[0] if found else None

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What the app saw."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def seen_header(self, name: str) -> str | None:
        found = [value for key, value in self.seen["headers"] if key.lower() == name.lower()]
        assert len(found) < 2, f"the app got {name} more than once: {found}"
        return found[0] if found else None


@dataclass(frozen=True)
class Wire:
    """The way to a proxy: its address, and the roots that are trusted."""

    address: str
    roots: Path
    source: str | None = None
    line: bytes = b""
    """What is sent before all else, the handshake included: the PROXY protocol's."""
    port: int | None = None
    """Where not at the usual one."""
    certificate: Path | None = None
    """A PEM file with the certificate by which we show who we are, and its key."""

    def from_address(self, source: str) -> "Wire":
        """Give the same way from another address of our own."""
        return replace(self, source=source)

    def send(self, request: Request) -> Answer:
        """Send one request on a connection of its own, and read until the end."""
        try:
            sni = request.host if request.sni is None else request.sni
            with self.connect(sni, tls=request.tls) as link:
                with suppress(OSError):  # who is refused early still hears the answer, if it comes that far
                    link.sendall(request.bytes())
                return parse(link, head=request.method == "HEAD")
        except ssl.SSLError:
            return Answer(None, handshake=False)

    @contextmanager
    def connect(self, sni: str, *, tls: bool = True) -> Iterator[socket.socket]:
        source = (self.source, 0) if self.source else None
        with socket.create_connection(
            (self.address, self.port or (443 if tls else 80)), timeout=TIMEOUT, source_address=source
        ) as plain:
            plain.sendall(self.line)
            if not tls:
                yield plain
                return
            context = ssl.create_default_context(cafile=str(self.roots))
            context.set_alpn_protocols(["http/1.1"])
            if self.certificate:
                context.load_cert_chain(self.certificate)
            if not sni:
                context.check_hostname = False
            with context.wrap_socket(plain, server_hostname=sni or None) as link:
                yield link


def parse(link: socket.socket, *, head: bool = False) -> Answer:
    """Read one answer."""
    stream = link.makefile("rb")
    try:
        first = stream.readline()
    except (ConnectionError, ssl.SSLError):
        first = b""
    if not first:
        return Answer(None)
    found = re.fullmatch(rb"HTTP/1\.[01] (\d{3}) .*\r\n", first)
    if not found:
        return Answer(HTTP_0_9, body=first + stream.read())
    if found[1].startswith(b"1"):
        return Answer(int(found[1]))
    headers: list[tuple[str, str]] = []
    while (line := stream.readline()) not in {b"\r\n", b""}:
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    fields = {name.lower(): value for name, value in headers}
    return Answer(int(found[1]), tuple(headers), b"" if head else body(stream, fields))


def body(stream: Any, fields: dict[str, str]) -> bytes:
    if fields.get("transfer-encoding") == "chunked":
        return b"".join(chunks(stream))
    if "content-length" in fields:
        return bytes(stream.read(int(fields["content-length"])))
    return bytes(stream.read())


def chunks(stream: Any) -> Iterator[bytes]:
    while size := int(stream.readline().split(b";")[0] or b"0", 16):
        yield stream.read(size)
        stream.readline()
    stream.readline()


def main(address: str, roots: str, target: str, count: str) -> None:
    """Send so many requests, for a client with an address of its own, and print their statuses."""
    wire = Wire(address, Path(roots))
    for _ in range(int(count)):
        print(wire.send(Request(target)).status)


if __name__ == "__main__":
    main(*sys.argv[1:])

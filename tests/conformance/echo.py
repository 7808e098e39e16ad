"""The app behind the proxy, on the server: it answers with what reached it, byte for byte.

    python3 echo.py NAME=PORT …

A header `X-Do` asks for other answers: see `DEEDS`. Standard library only.
"""

import asyncio
import base64
import hashlib
import itertools
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

CONNECTIONS = itertools.count(1)
LOG: list[dict[str, str]] = []


@dataclass
class Request:
    app: str
    connection: int
    line: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    served: int = 1
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter = field(kw_only=True)

    @property
    def target(self) -> str:
        return self.line.split(" ", 1)[1].rsplit(" ", 1)[0]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def seen(self) -> dict[str, object]:
        return {
            "app": self.app,
            "connection": self.connection,
            "served": self.served,
            "line": self.line,
            "method": self.line.split(" ", 1)[0],
            "target": self.target,
            "headers": self.headers,
            "length": len(self.body),
            "digest": hashlib.sha256(self.body).hexdigest(),
        }


async def answer(
    request: Request, status: int, body: bytes, kind: str = "application/json", *more: tuple[str, str]
) -> None:
    headers = [("content-type", kind), ("content-length", str(len(body))), *more]
    head = f"HTTP/1.1 {status} Said\r\n" + "".join(f"{key}: {value}\r\n" for key, value in headers)
    request.writer.write(head.encode() + b"\r\n" + (b"" if request.line.startswith("HEAD ") else body))
    await request.writer.drain()


async def tell(request: Request, _argument: str) -> None:
    """Answer with what was seen."""
    await answer(request, 200, json.dumps(request.seen()).encode())


async def status(request: Request, argument: str) -> None:
    """Answer with a status, and JSON of the app's own."""
    await answer(request, int(argument), b'{"detail": "said by the app"}')


async def header(request: Request, argument: str) -> None:
    """Answer with one more header: NAME=VALUE."""
    name, _, value = argument.partition("=")
    await answer(request, 200, json.dumps(request.seen()).encode(), "application/json", (name, value))


async def sleep(request: Request, argument: str) -> None:
    """Answer late."""
    await asyncio.sleep(float(argument))
    await tell(request, "")


async def text(request: Request, argument: str) -> None:
    """Answer with so many bytes of text."""
    await answer(request, 200, b"gatehouse " * (int(argument) // 10), "text/plain")


async def log(request: Request, _argument: str) -> None:
    """Answer with every request so far, of any app."""
    await answer(request, 200, json.dumps(LOG).encode())


async def events(request: Request, argument: str) -> None:
    """Stream COUNT events, SECONDS apart."""
    count, _, pause = argument.partition(",")
    request.writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    for number in range(int(count)):
        event = f"data: {number}\n\n".encode()
        request.writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await request.writer.drain()
        await asyncio.sleep(float(pause))
    request.writer.write(b"0\r\n\r\n")


async def vanish(request: Request, _argument: str) -> None:
    """Close the connection without an answer."""
    request.writer.close()


async def break_off(request: Request, _argument: str) -> None:
    """Close the connection in the middle of an answer."""
    request.writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this")
    await request.writer.drain()
    request.writer.close()


async def websocket(request: Request, _argument: str) -> None:
    """Complete the handshake (RFC 6455, section 4.2.2), and send back whatever frames come."""
    key = request.header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key.encode(), usedforsecurity=False).digest()).decode()
    request.writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"sec-websocket-accept: " + accept.encode() + b"\r\n\r\n"
    )
    assert request.reader
    while True:
        first, second = await request.reader.readexactly(2)
        length = second & 0x7F
        mask = await request.reader.readexactly(4)
        masked = await request.reader.readexactly(length)
        payload = bytes(a ^ b for a, b in zip(masked, itertools.cycle(mask), strict=False))
        request.writer.write(bytes([first, length]) + payload)
        await request.writer.drain()


DEEDS: dict[str, Callable[[Request, str], Awaitable[None]]] = {
    "": tell,
    "status": status,
    "header": header,
    "sleep": sleep,
    "text": text,
    "log": log,
    "events": events,
    "vanish": vanish,
    "break-off": break_off,
}


async def chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readline()).split(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    while (await reader.readline()).strip():
        pass


async def serve(app: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = next(CONNECTIONS)
    try:
        for served in itertools.count(1):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *lines = head[:-4].split("\r\n")
            headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
            request = Request(app, connection, line, headers, served=served, reader=reader, writer=writer)
            LOG.append({"app": app, "line": line})
            if request.header("upgrade").lower() == "websocket":
                await websocket(request, "")
            if request.header("transfer-encoding"):
                request.body = b"".join([chunk async for chunk in chunks(reader)])
            else:
                request.body = await reader.readexactly(int(request.header("content-length") or 0))
            deed, _, argument = request.header("x-do").partition(":")
            await DEEDS[deed](request, argument)
            if request.header("connection").lower() == "close":
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    for word in sys.argv[1:]:
        name, _, port = word.partition("=")
        await asyncio.start_server(partial(serve, name), "127.0.0.1", int(port), limit=2**20)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

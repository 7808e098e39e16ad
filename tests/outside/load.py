"""A steady load on a site from outside, with every failure counted and every answer timed.

Requests start at a fixed rate whatever becomes of the ones before (an open loop), on connections that
are kept as browsers keep them: HTTP/1.1, used again until the server says that it closes them. Nothing is
tried a second time.
"""

import asyncio
import json
import math
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect

from tests.lab.waiting import until
from tests.outside.client import Outside

BODY = b"x" * 2000
PATIENCE = 30.0
"""Seconds after which a request counts as failed."""


@dataclass
class Tally:
    """What became of the requests so far."""

    done: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds from the start of a request to the whole of its answer."""
    processes: set[int] = field(default_factory=set)
    """The process ids of the app that answered."""

    @property
    def answered(self) -> int:
        """How many requests were answered, WebSockets aside."""
        return self.done["GET"] + self.done["POST"]

    def __str__(self) -> str:
        done = ", ".join(f"{count} {kind}" for kind, count in sorted(self.done.items()))
        return f"{done}; {len(self.failures)} failed, slowest {self.slowest * 1000:.0f} ms"


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    idle_since: float = 0.0


class Load:
    """The load, once begun, on a thread of its own.

    Args:
        site: what to ask; it serves the demo app.
        rate: requests per second, GET and POST in turn.
        sockets: WebSocket sessions at a time, each of about two seconds.
        path: what comes before the demo app's own paths.
        keeps: seconds for which a connection that is idle may be used again.

    """

    def __init__(
        self, site: Outside, rate: int, sockets: int = 4, path: str = "", keeps: float = math.inf
    ) -> None:
        self._site, self.rate, self._sockets, self._path = site, rate, sockets, path
        self._keeps = keeps
        self._idle: list[_Connection] = []
        self._stop = threading.Event()
        self._tls = site.tls()
        self.tally = Tally()

    @contextmanager
    def running(self) -> Iterator["Load"]:
        """Keep the load up for as long as the context lasts, then wait for the last answers."""
        thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def so_far(self) -> Tally:
        """Take what has been counted, and begin to count anew."""
        tally, self.tally = self.tally, Tally()
        return tally

    def enough(self) -> Tally:
        """Take what has been counted as soon as it is enough to tell anything, and begin to count anew."""
        until(self._has_enough, within=60, otherwise="there was no load")
        return self.so_far()

    def _has_enough(self) -> bool:
        done = self.tally.done
        talked = not self._sockets or done["WebSocket"] > 0
        return bool(self.tally.failures) or (min(done["GET"], done["POST"]) > 100 and talked)

    async def _run(self) -> None:
        sockets = [asyncio.create_task(self._talk()) for _ in range(self._sockets)]
        requests: set[asyncio.Task[None]] = set()
        begin, number = time.monotonic(), 0
        while not self._stop.is_set():
            task = asyncio.create_task(self._counted("POST" if number % 2 else "GET"))
            requests.add(task)
            task.add_done_callback(requests.discard)
            number += 1
            await asyncio.sleep(max(0.0, begin + number / self.rate - time.monotonic()))
        await asyncio.gather(*requests, *sockets)
        for connection in self._idle:
            connection.writer.close()

    async def _counted(self, method: str) -> None:
        start = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._ask(method)
        except (OSError, ssl.SSLError, EOFError, ValueError, TimeoutError) as failure:
            self.tally.failures.append(f"{method}: {type(failure).__name__}: {failure}")
        else:
            self.tally.done[method] += 1
            self.tally.slowest = max(self.tally.slowest, time.monotonic() - start)
            self.tally.processes.add(answer["pid"])

    async def _ask(self, method: str) -> "dict[str, int]":
        connection = self._kept() or await self._connect()
        body = BODY if method == "POST" else b""
        head = f"{method} {self._path}/echo HTTP/1.1\r\nHost: {self._site.domain}\r\n"
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        try:
            connection.writer.write(f"{head}{length}\r\n".encode() + body)
            status, headers, answer = await self._answer(connection.reader)
        except BaseException:
            connection.writer.close()
            raise
        options = headers.get("connection", "").lower().split(",")
        if "close" in (option.strip() for option in options):
            connection.writer.close()
        else:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        if status != 200:
            raise ValueError(f"status {status}")
        found: dict[str, int] = json.loads(answer)
        return found

    def _kept(self) -> _Connection | None:
        """Take a connection that is open as far as we have heard, as every HTTP client does."""
        while self._idle and self._idle[0].idle_since + self._keeps < time.monotonic():
            self._idle.pop(0).writer.close()
        while self._idle:
            connection = self._idle.pop()
            if not connection.reader.at_eof():
                return connection
            connection.writer.close()
        return None

    async def _connect(self) -> _Connection:
        return _Connection(*await self._open())

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        domain = self._site.domain
        return await asyncio.open_connection(self._site.address, 443, ssl=self._tls, server_hostname=domain)

    @property
    def _socket(self) -> dict[str, Any]:
        """Say how a WebSocket is opened."""
        url = f"wss://{self._site.domain}{self._path}/ws"
        return {"uri": url, "host": self._site.address, "ssl": self._tls}

    @staticmethod
    async def _answer(reader: asyncio.StreamReader) -> "tuple[int, dict[str, str], bytes]":
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(":") for line in lines[1:]):
            # Lines of the same name are one list (RFC 9110, section 5.3).
            before = headers.get(name.lower())
            headers[name.lower()] = f"{before}, {value.strip()}" if before else value.strip()
        if "content-length" in headers:
            body = await reader.readexactly(int(headers["content-length"]))
        else:
            body = b""
            while size := int(await reader.readuntil(b"\r\n"), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readuntil(b"\r\n")
        return int(lines[0].split()[1]), headers, body

    async def _talk(self) -> None:
        """Open one WebSocket session after another, each with a few messages."""
        while not self._stop.is_set():
            start = time.monotonic()
            try:
                async with connect(**self._socket, proxy=None, open_timeout=PATIENCE) as socket:
                    await socket.recv()
                    for number in range(5):
                        await socket.send(str(number))
                        if await socket.recv() != str(number):
                            raise ValueError("another message came back")
                        await asyncio.sleep(0.4)
            except Exception as failure:  # whatever goes wrong counts
                self.tally.failures.append(f"WebSocket: {type(failure).__name__}: {failure}")
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.1)
            else:
                self.tally.done["WebSocket"] += 1
                self.tally.slowest = max(self.tally.slowest, time.monotonic() - start - 2.0)

"""Within a release: an ASGI app as a server runs it that knows neither prefixes nor whom to believe."""

import importlib
import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

from .balancer import MAINTENANCE, RETRY_AFTER, Balancer, balancer, is_forged
from .forwarded import believed
from .recycling import Turns, recycle_uvicorn, recycling
from .reference import Asgi, Receive, Scope, Send, asgi

LONGEST_HEAD = 1 << 20
"""Bytes of a request's head: more than the proxy lets through."""


class BehindProxy:
    """An app that sees its clients' addresses and scheme, and its own prefix."""

    def __init__(self, app: Asgi, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            scope = {**scope, **self._believed(scope), **self._prefixed(scope)}
        if scope["type"] == "http":
            await Exchange(scope, receive, send).run(self.app)
        else:
            await self.app(scope, receive, send)

    def _believed(self, scope: Scope) -> dict[str, Any]:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        client, scheme = believed(
            (scope.get("client") or ("",))[0],
            headers.get(b"x-forwarded-for", ""),
            headers.get(b"x-forwarded-proto", ""),
        )
        found: dict[str, Any] = {}
        if scheme:
            secure = {"http": "ws", "https": "wss"}
            found["scheme"] = secure[scheme] if scope["type"] == "websocket" else scheme
        if client:
            found["client"] = (client, 0)
        return found

    def _prefixed(self, scope: Scope) -> dict[str, Any]:
        if not self.prefix:
            return {}
        raw = scope.get("raw_path")
        return {
            "root_path": self.prefix,
            "path": self.prefix + scope["path"],
            "raw_path": raw if raw is None else self.prefix.encode() + raw,
        }


class BehindBalancer:
    """An app before which there is no proxy: it sees its clients, and its slot lets go of whom it has."""

    def __init__(self, app: Asgi, balancer: Balancer) -> None:
        self.app = app
        self.balancer = balancer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        peer = (scope.get("client") or ("",))[0]
        turned_away = self.balancer.turns_away(peer)
        scope = {**scope, **self._told(scope, peer)}
        if scope["type"] == "websocket":
            await (_close if turned_away else self.app)(scope, receive, send)
            return

        async def leaving(message: MutableMapping[str, Any]) -> None:
            # Asked at each answer, as the traffic may have moved meanwhile; HTTP/2 knows no such header.
            if message["type"] == "http.response.start" and self.balancer.is_leaving():
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        is_kept = scope.get("http_version", "1.1").startswith("1")
        exchange = Exchange(scope, receive, leaving if is_kept else send)
        await exchange.run(_maintenance if turned_away else self.app)

    def _told(self, scope: Scope, peer: str) -> dict[str, Any]:
        said: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            said.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        forwarded = (",".join(said.get(f"x-forwarded-{what}", ())) for what in ("for", "proto"))
        told = self.balancer.told(peer, *forwarded)
        headers = [(name, value) for name, value in scope["headers"] if not is_forged(name.decode("latin-1"))]
        ours = told.headers(said.get("host", [""])[0])
        scheme = {"http": "ws", "https": "wss"}[told.scheme] if scope["type"] == "websocket" else told.scheme
        return {
            "client": scope.get("client") if told.client == peer else (told.client, 0),
            "scheme": scheme,
            "headers": headers + [(name.encode(), value.encode("latin-1")) for name, value in ours],
        }


async def _maintenance(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"content-type": "text/plain", "retry-after": RETRY_AFTER, "cache-control": "no-store"}
    headers["content-length"] = str(len(MAINTENANCE))
    said = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 503, "headers": said})
    body = b"" if scope["method"] == "HEAD" else MAINTENANCE
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _close(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1013})


class Answered:
    """An app that fails after it has answered, as frameworks do once they have sent a page for an exception.

    Servers then close the connection, on which they have told the proxy that it may go on: the next request
    there is lost. So the exception is told here, and goes no further.
    """

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_answered = False

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal is_answered
            await send(message)
            is_answered = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self.app(scope, receive, watched)
        except Exception:  # whatever a stranger's app raises
            if not is_answered:
                raise
            logging.getLogger(__name__).exception("Exception in ASGI application")


class Exchange:
    """A request that is read to its end, though the app answers without it.

    Some servers close a connection with a body that nobody has read. The kernel then resets it, and the
    proxy loses the answer that was on its way.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._start: MutableMapping[str, Any] | None = None
        headers = dict(scope["headers"])
        self._is_read = b"transfer-encoding" not in headers and not int(headers.get(b"content-length", b"0"))

    async def run(self, app: Asgi) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        except Exception:  # whatever it is: the server itself answers, and closes the connection
            await self._read()
            raise

    async def receive(self) -> MutableMapping[str, Any]:
        message = await self._receive()
        self._is_read = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and not self._is_read:
            # Some servers read nothing more once they have begun to answer.
            self._start = message
            return
        is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if is_last and self._start:
            await self._read()
        if self._start:
            start, self._start = self._start, None
            await self._send(start)
        if is_last and not self._is_read:
            await self._send({**message, "more_body": True})
            await self._read()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def _read(self) -> None:
        while not self._is_read:
            await self.receive()


def without_query(record: logging.LogRecord) -> bool:
    """Cut the query off the target in uvicorn's lines about requests, as tokens travel there."""
    if str(record.msg).startswith('%s - "') and isinstance(record.args, tuple):
        record.args = tuple(word.partition("?")[0] if isinstance(word, str) else word for word in record.args)
    return True


# WebSockets are told of among the errors. A filter outlasts uvicorn's own configuration of its loggers.
for name in ("uvicorn.access", "uvicorn.error"):
    logging.getLogger(name).addFilter(without_query)

# hypercorn has no option for it, and asks for it at each connection.
if "hypercorn.config" in sys.modules:
    vars(sys.modules["hypercorn.config"])["Config"].h11_max_incomplete_size = LONGEST_HEAD

# Nor have `fastapi run` and gunicorn's worker of uvicorn's. It counts in heads that come in pieces alone.
if "uvicorn.server" in sys.modules:
    h11 = importlib.import_module("uvicorn.protocols.http.h11_impl")
    vars(h11)["DEFAULT_MAX_INCOMPLETE_EVENT_SIZE"] = LONGEST_HEAD

if "uvicorn.server" in sys.modules and (wanted := recycling()):
    recycle_uvicorn(wanted, Turns(wanted.workers))

if "GATEHOUSE_ASGI" in os.environ:
    unwrapped = Answered(asgi(os.environ["GATEHOUSE_ASGI"]))
    """For the servers that know themselves what the proxy says, and the prefix."""
    app: Asgi = BehindProxy(unwrapped, os.environ.get("GATEHOUSE_PREFIX", ""))
    if found := balancer():
        app = BehindBalancer(unwrapped, found)

"""Within a release: the app as a server runs it that knows neither prefixes nor whom to believe.

This module is copied into the release as `gatehouse_asgi.py`. It takes the app from the variable
GATEHOUSE_ASGI and its prefix from GATEHOUSE_PREFIX. As a program it runs the module that its first argument
names: a server that would open a port of its own, and takes over the socket that systemd holds instead.
"""

import importlib
import logging
import os
import runpy
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from functools import reduce
from importlib.metadata import version
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

PROXY = "127.0.0.1"
LONGEST_HEAD = 1 << 20
"""Bytes of a request's head: more than the proxy lets through."""

HELD = 3
"""The descriptor of the socket that systemd holds (sd_listen_fds(3))."""

_BACKLOG = 1024
"""As many connections as granian has wait by itself."""


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
        if not scope.get("client") or scope["client"][0] != PROXY:
            return {}
        headers = {name: value.decode("latin-1").strip() for name, value in scope["headers"]}
        found: dict[str, Any] = {}
        scheme = headers.get(b"x-forwarded-proto")
        if scheme in {"http", "https"}:
            secure = {"http": "ws", "https": "wss"}
            found["scheme"] = secure[scheme] if scope["type"] == "websocket" else scheme
        client = headers.get(b"x-forwarded-for", "").rpartition(",")[2].strip()
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
        except Exception:
            # The server itself answers, and closes the connection.
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


def load(reference: str) -> Asgi:
    """Import `module:attribute`, and call it where it is a factory, `module:attribute()`."""
    module, _, attribute = reference.removesuffix("()").partition(":")
    start: Any = importlib.import_module(module)
    found = reduce(getattr, attribute.split("."), start)
    app: Asgi = found() if reference.endswith("()") else found
    return app


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


def take_over(server: str) -> None:
    """Have a server, and the workers that it starts, listen at the socket that systemd holds."""
    package, adopt = ("granian", _by_granian) if server == "granian" else ("uvicorn", _by_uvicorn)
    try:
        adopt()
    except (AttributeError, ImportError, TypeError) as reason:
        sys.exit(f"{package} {version(package)} cannot take over a socket ({reason}): bring another version")


def _by_uvicorn() -> None:
    # Not by --fd, which makes a unix socket of it: no TCP_NODELAY, and no peer where there is uvloop.
    uvicorn = importlib.import_module("uvicorn")
    run, _ = uvicorn.Server.run, uvicorn.Config.bind_socket

    def run_there(server: Any, sockets: list[socket.socket] | None = None) -> Any:
        return run(server, sockets=sockets or [_held()])

    uvicorn.Server.run = run_there
    uvicorn.Config.bind_socket = lambda _config: _held()


def _by_granian() -> None:
    holder = importlib.import_module("granian.net").SocketHolder
    server = importlib.import_module("granian.server.common").AbstractServer
    _ = server._init_shared_socket  # there is no other way in
    held = holder(HELD, False, _BACKLOG)  # no unix socket; its arguments have no names

    def init_there(self: Any) -> None:
        self._ssp, self._shd, self._sfd = None, held, HELD

    server._init_shared_socket = init_there


def _held() -> socket.socket:
    return socket.socket(fileno=HELD)


# Not in the worker processes of a server, which import this module as their main one, too.
if __name__ == "gatehouse_asgi" and "GATEHOUSE_ASGI" in os.environ:
    app = BehindProxy(load(os.environ["GATEHOUSE_ASGI"]), os.environ.get("GATEHOUSE_PREFIX", ""))

# Worker processes import this module again, by another name.
if __name__ == "__main__":
    del sys.argv[0]
    take_over(sys.argv[0])
    runpy.run_module(sys.argv[0], run_name="__main__")

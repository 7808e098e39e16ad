"""Within a release: the app as a server runs it that knows neither prefixes nor whom to believe.

This module is copied into the release as `gatehouse_asgi.py`. It takes the app from the variable
GATEHOUSE_ASGI and its prefix from GATEHOUSE_PREFIX. As a program it runs the module that its first argument
names: a server that runs the app itself, and needs only its logs filtered.
"""

import importlib
import logging
import os
import runpy
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from functools import reduce
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

PROXY = "127.0.0.1"


class BehindProxy:
    """An app that sees its clients' addresses and scheme, and its own prefix."""

    def __init__(self, app: Asgi, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            scope = {**scope, **self._believed(scope), **self._prefixed(scope)}
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

if "GATEHOUSE_ASGI" in os.environ:
    app = BehindProxy(load(os.environ["GATEHOUSE_ASGI"]), os.environ.get("GATEHOUSE_PREFIX", ""))

# Worker processes import this module again, by another name.
if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__")

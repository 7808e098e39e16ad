"""Within a release: a WSGI app as a server runs it that knows neither prefixes nor whom to believe."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from .forwarded import believed
from .recycling import Turns, counted, recycling
from .reference import Environ, Wsgi, wsgi

_CHUNK = 1 << 16


class BehindProxy:
    """An app that sees its clients' addresses and scheme, and its own prefix."""

    def __init__(self, app: Wsgi, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        client, scheme = believed(
            environ.get("REMOTE_ADDR", ""),
            environ.get("HTTP_X_FORWARDED_FOR", ""),
            environ.get("HTTP_X_FORWARDED_PROTO", ""),
        )
        environ["SCRIPT_NAME"] = self.prefix
        if client:
            environ["REMOTE_ADDR"] = client
        environ["wsgi.url_scheme"] = scheme or "http"
        body = environ["wsgi.input"]
        if not _has_body(environ):
            return self.app(environ, start_response)
        try:
            return Answer(self.app(environ, start_response), body)
        except Exception:  # whatever it is: the server itself answers, and closes the connection
            _read(body)
            raise


class Answer:
    """An answer that ends only when the request is read to its end, though the app answers without it.

    Some servers close a connection with a body that nobody has read. The kernel then resets it, and the
    proxy loses the answer that was on its way.
    """

    def __init__(self, parts: Iterable[bytes], body: Any) -> None:
        self._parts, self._body = parts, body

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._parts
        finally:
            _read(self._body)

    def close(self) -> None:
        close = getattr(self._parts, "close", None)
        if close:
            close()


def _has_body(environ: Environ) -> bool:
    return "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH") not in {None, "", "0"}


def _read(body: Any) -> None:
    # A client that has gone sends nothing more.
    with suppress(OSError, ValueError):
        while body.read(_CHUNK):
            pass


if "GATEHOUSE_WSGI" in os.environ:
    app: Wsgi = BehindProxy(wsgi(os.environ["GATEHOUSE_WSGI"]), os.environ.get("GATEHOUSE_PREFIX", ""))
    if wanted := recycling():
        app = counted(app, wanted, Turns(wanted.workers))

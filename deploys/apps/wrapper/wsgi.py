"""Within a release: a WSGI app as a server runs it that knows neither prefixes nor whom to believe."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from .balancer import MAINTENANCE, RETRY_AFTER, Balancer, balancer, is_forged
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
        return _answered(self.app, environ, start_response)


class BehindBalancer:
    """An app before which there is no proxy: it sees its clients' addresses and scheme."""

    def __init__(self, app: Wsgi, balancer: Balancer) -> None:
        self.app = app
        self.balancer = balancer

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR", "")
        forwarded = (environ.get(f"HTTP_X_FORWARDED_{what}", "") for what in ("FOR", "PROTO"))
        told = self.balancer.told(peer, *forwarded)
        for key in [key for key in environ if key.startswith("HTTP_") and is_forged(key[len("HTTP_") :])]:
            del environ[key]
        for name, value in told.headers(environ.get("HTTP_HOST", "")):
            environ[f"HTTP_{name.replace('-', '_').upper()}"] = value
        environ["REMOTE_ADDR"], environ["wsgi.url_scheme"] = told.client, told.scheme
        app = _maintenance if self.balancer.turns_away(peer) else self.app
        return _answered(app, environ, start_response)


def _maintenance(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = {"Content-Type": "text/plain", "Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    headers["Content-Length"] = str(len(MAINTENANCE))
    start_response("503 Service Unavailable", [*headers.items()])
    return [MAINTENANCE]


def hear_clearly() -> None:
    """Have gunicorn leave forged names with `_` out, of which one before 22 makes the same key as of `-`."""
    module: Any = sys.modules["gunicorn.http.wsgi"]
    create = module.create

    def create_of_plain_names(request: Any, *rest: Any, **more: Any) -> Any:
        request.headers = [(name, value) for name, value in request.headers if not _is_disguised(name)]
        return create(request, *rest, **more)

    module.create = create_of_plain_names


def _is_disguised(name: str) -> bool:
    return "_" in name and is_forged(name)


def _let_go(found: Balancer) -> None:
    """Have gunicorn close connections where the traffic has moved; PEP 3333 lets no app say so."""
    response: Any = vars(sys.modules["gunicorn.http.wsgi"])["Response"]
    should_close = response.should_close
    response.should_close = lambda self: found.is_leaving() or should_close(self)


def _answered(app: Wsgi, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"]
    if not _has_body(environ):
        return app(environ, start_response)
    try:
        return Answer(app(environ, start_response), body)
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
    _app = wsgi(os.environ["GATEHOUSE_WSGI"])
    app: Wsgi = BehindProxy(_app, os.environ.get("GATEHOUSE_PREFIX", ""))
    if found := balancer():
        app = BehindBalancer(_app, found)
        _let_go(found)
        hear_clearly()
    if wanted := recycling():
        app = counted(app, wanted, Turns(wanted.workers))

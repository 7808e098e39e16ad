"""Within a release: the app that the settings name, and whether it is of the kind that they call it."""

import importlib
import inspect
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import reduce
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_KINDS = {3: "asgi", 2: "wsgi", 1: "asgi"}
"""Which interface takes so many arguments; one is ASGI's second version."""


def asgi(reference: str) -> Asgi:
    """Import an ASGI app.

    Raises:
        TypeError: it is none.

    """
    app: Asgi = _load(reference, "asgi")
    return app


def wsgi(reference: str) -> Wsgi:
    """Import a WSGI app.

    Raises:
        TypeError: it is none.

    """
    app: Wsgi = _load(reference, "wsgi")
    return app


def _load(reference: str, wanted: str) -> Any:
    """Import `module:attribute`, and call it where it is a factory, `module:attribute()`."""
    module, _, attribute = reference.removesuffix("()").partition(":")
    start: Any = importlib.import_module(module)
    found = reduce(getattr, attribute.split("."), start)
    app = found() if reference.endswith("()") else found
    kind = _kind(app)
    if kind not in {wanted, "unknown"}:
        raise TypeError(f"{reference} {_remedy(reference, app, kind, wanted)}")
    return app


def _kind(app: Any) -> str:
    if not callable(app):
        return "nothing"
    if inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None)):  # noqa: B004  # not whether there is one
        return "asgi"
    if inspect.isclass(app):
        return "unknown"
    fits = [count for count in range(4) if _takes(app, count)]
    if 0 in fits and 3 not in fits:
        return "factory"
    return _KINDS[fits[0]] if len(fits) == 1 else "unknown"


def _takes(app: Any, count: int) -> bool:
    try:
        inspect.signature(app).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True


def _remedy(reference: str, app: Any, kind: str, wanted: str) -> str:
    type_ = type(app)
    what = "a function" if inspect.isroutine(app) else f"a {type_.__module__}.{type_.__qualname__}"
    if kind == "factory":
        return f'makes an app: write {wanted} = "{reference}()"'
    if kind == "nothing":
        return f"is {what}, which is no app: name what answers requests"
    return f'is {what}, which is {kind.upper()}: write {kind} = "{reference}" in place of {wanted}'

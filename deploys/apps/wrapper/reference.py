"""Within a release: the app that the settings name, and whether it is of the kind that they call it."""

import importlib
import inspect
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import reduce
from typing import Any

from . import kinds

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def asgi(reference: str) -> Asgi:
    """Import an ASGI app.

    Raises:
        TypeError: it is none.

    """
    app: Asgi = _load(reference, kinds.ASGI)
    return _in_one_call(app) if kinds.is_of_two_calls(app) else app


def wsgi(reference: str) -> Wsgi:
    """Import a WSGI app.

    Raises:
        TypeError: it is none.

    """
    app: Wsgi = _load(reference, kinds.WSGI)
    return app


def _in_one_call(app: Any) -> Asgi:
    """Make an app of ASGI's second version one of the third."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope)(receive, send)

    return called


def _load(reference: str, wanted: str) -> Any:
    """Import `module:attribute`, and call it where it is a factory, `module:attribute()`."""
    module, _, attribute = reference.removesuffix("()").partition(":")
    start: Any = importlib.import_module(module)
    found = reduce(getattr, attribute.split("."), start)
    if reference.endswith("()"):
        _refuse_call(reference, found, attribute)
        found = found()
    kind = kinds.kind(found)
    if kind not in {wanted, kinds.UNKNOWN}:
        raise TypeError(f"{reference} {_remedy(reference, found, kind, wanted)}")
    return found


def _refuse_call(reference: str, found: Any, name: str) -> None:
    """See that what is called a factory can be called, without anything."""
    kind = kinds.kind(found)
    if kind == kinds.AWAITED:
        raise TypeError(f"{reference} {_AWAITED}")
    if kinds.is_called_as_app(found):
        raise TypeError(f'{reference} is an app, and makes none: write {kind} = "{reference[:-2]}"')
    if kinds.wanted(found):
        raise TypeError(f"{reference} {_wanting(found, name)}")


_NO_APP = {
    kinds.NOTHING: "no app: name what answers requests",
    kinds.SERVER: "neither ASGI nor WSGI, and which its own server runs: make an image of both, and write"
    ' source = {"image": …}',
}
_AWAITED = "would have to be awaited, which nobody does: make it a function without async"


def _wanting(found: Any, name: str) -> str:
    called = name.rpartition(".")[2]
    needed = ", ".join(kinds.wanted(found))
    return f"makes an app of {needed}: write app = {called}(…) in a module of yours, and name that"


def _remedy(reference: str, found: Any, kind: str, wanted: str) -> str:
    type_ = type(found)
    what = "a function" if inspect.isroutine(found) else f"a {type_.__module__}.{type_.__qualname__}"
    if inspect.isclass(found):
        what = "a class"
    if kind == kinds.AWAITED:
        return _AWAITED
    if kind in _NO_APP:
        return f"is {what}, which is {_NO_APP[kind]}"
    if kind in {kinds.FACTORY, kinds.WANTING} and reference.endswith("()"):
        return f"gives {what}, which is no app: have it return the app"
    if kind == kinds.FACTORY:
        return f'makes an app: write {wanted} = "{reference}()"'
    if kind == kinds.WANTING:
        return _wanting(found, reference.partition(":")[2])
    return f'is {what}, which is {kind.upper()}: write {kind} = "{reference}" in place of {wanted}'

"""Within a release: what something is that the settings call an app, by what it can be called with."""

import inspect
from typing import Any

ASGI, WSGI = "asgi", "wsgi"
FACTORY = "factory"
"""What makes an app, and wants nothing for it."""
WANTING = "wanting"
"""What makes an app of something."""
AWAITED = "awaited"
"""What makes an app once somebody awaits it."""
SERVER = "server"
"""What has a server of its own, and answers no other's calls."""
NOTHING, UNKNOWN = "nothing", "unknown"

_BY_COUNT = {1: ASGI, 2: WSGI, 3: ASGI}
"""Which interface has so many arguments; one is ASGI's second version."""
_SERVERS = {"aiohttp", "robyn", "tornado"}
"""Packages whose apps have a server of their own, though some can be called as if they were other apps."""
_FIRST = {"env", "environ", "scope"}
"""How an app calls what it gets first, as far as names tell: by its place it may have any."""


def kind(found: Any) -> str:
    """Say what something is; what may be several things is unknown."""
    if _has_a_server(found):
        return SERVER
    if not callable(found):
        return NOTHING
    if _is_async(found):
        return _kind_of_async(found)
    if is_maker(found) and not takes_anything(found) and len(wanted(found)) < 2:
        return _kind_of_maker(found)
    fits = [count for count in range(4) if takes(found, count)]
    if 0 in fits and 3 not in fits:
        return FACTORY
    return _BY_COUNT[fits[0]] if len(fits) == 1 else UNKNOWN


def _has_a_server(found: Any) -> bool:
    own = type(found).__mro__[:-1]
    return not is_maker(found) and any(each.__module__.partition(".")[0] in _SERVERS for each in own)


def _kind_of_maker(found: Any) -> str:
    """Say what a function or a class is that wants one argument, or none: an app, or what makes one."""
    needed = wanted(found)
    if not needed:
        return FACTORY if _signature(found) else UNKNOWN
    if needed[0].strip("_") not in _FIRST:
        return WANTING
    return ASGI if _is_scope(needed) and not takes(found, 2) else UNKNOWN


def _kind_of_async(found: Any) -> str:
    if takes(found, 3):
        return ASGI
    needed = wanted(found)
    is_factory = is_maker(found) and len(needed) < 2 and not _is_scope(needed)
    return AWAITED if is_factory else NOTHING


def _is_async(found: Any) -> bool:
    call = getattr(found, "__call__", None)  # noqa: B004  # not whether there is one
    return inspect.iscoroutinefunction(found) or (
        not inspect.isclass(found) and inspect.iscoroutinefunction(call)
    )


def is_maker(found: Any) -> bool:
    """Say whether it is a function or a class, which may make an app, and no object of an app's class."""
    return inspect.isroutine(found) or inspect.isclass(found)


def is_called_as_app(found: Any) -> bool:
    """Say whether it is an app beyond doubt: by its own class, or by how it calls what it gets."""
    is_plain = not is_maker(found) or _is_async(found)
    return kind(found) in {ASGI, WSGI} and (is_plain or wanted(found)[0].strip("_") in _FIRST)


def is_of_two_calls(found: Any) -> bool:
    """Say whether it is an ASGI app of the second version, which gives for a scope what is called again."""
    return not _is_async(found) and takes(found, 1) and not takes(found, 3) and not takes(found, 2)


def takes(found: Any, count: int) -> bool:
    """Say whether it can be called with so many arguments, as far as that is known."""
    try:
        signature = _signature(found)
        if signature:
            signature.bind(*range(count))
    except TypeError:
        return False
    return signature is not None


def wanted(found: Any) -> "list[str]":
    """Name the arguments without which it cannot be called."""
    signature = _signature(found)
    various = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        parameter.name
        for parameter in (signature.parameters.values() if signature else ())
        if parameter.default is inspect.Parameter.empty and parameter.kind not in various
    ]


def takes_anything(found: Any) -> bool:
    """Say whether it can be called with any number of arguments."""
    signature = _signature(found)
    kinds = {parameter.kind for parameter in signature.parameters.values()} if signature else set()
    return inspect.Parameter.VAR_POSITIONAL in kinds


def _signature(found: Any) -> "inspect.Signature | None":
    # Its own: a decorator may make a WSGI app of a function that takes a request.
    for follows in (False, True):
        try:
            return inspect.signature(found, follow_wrapped=follows)
        except (TypeError, ValueError):
            pass
    return None


def _is_scope(names: "list[str]") -> bool:
    return [name.strip("_") for name in names] == ["scope"]

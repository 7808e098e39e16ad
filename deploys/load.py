"""From a host's data to a `Server`, with one line for each setting that is wrong."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pyinfra.api.host import Host

from deploys import connection
from deploys.config import Server
from deploys.config.settings import words
from deploys.config.sites import Site
from deploys.refusal import Refusal

_KEYS = tuple(Server.model_fields)
_SECRET = {"credentials", "eab", "env", "headers", "password", "secrets", "webhook"}
_PLAIN = {"deliver", "format"}
"""Among them, keys whose values are not secret."""

_LOGIN = re.compile(r"//[^/?#\s'\"]*@")
"""The part of a URL that may hold a password."""


def load(host: Host, *also: str) -> Server:
    """Read and check the settings of one host.

    Args:
        host: the host.
        also: what may be said with `--data` besides settings.

    Raises:
        Refusal: one line for each setting that is wrong, before anything on any host is changed.

    """
    # pyinfra leaves both untyped.
    said: dict[str, Any] = host.inventory.get_override_data()  # type: ignore[no-untyped-call]
    data: dict[str, Any] = host.data.dict()  # type: ignore[no-untyped-call]
    for key in said:
        if key not in {*also, *_KEYS} and not key.startswith(("ssh_", "_")):
            known = " or ".join(also) or "no words of its own"
            raise Refusal(f"--data {key}: unknown; this deploy takes {known}")
    connection.watch(host)
    return server_from(data, f"{host.name}: ")


def server_from(data: Mapping[str, Any], prefix: str = "") -> Server:
    """Check plain data; keys that are not gatehouse's own are left to whoever they are for.

    Raises:
        Refusal: one line for each setting that is wrong, each beginning with the prefix.

    """
    problems = list(_misspelt(data))
    try:
        server = Server.model_validate({key: data[key] for key in _KEYS if key in data})
    except ValidationError as refusal:
        problems += _lines(refusal.errors(include_url=False))
    if problems:
        lines = "\n".join(f"{prefix}{problem}" for problem in problems)
        raise Refusal(f"settings refused, nothing was changed\n{lines}")
    return server


def _misspelt(data: Mapping[str, Any]) -> Iterable[str]:
    for key in data:
        near = get_close_matches(key, _KEYS, n=1, cutoff=0.75)
        if key in Site.model_fields and key not in _KEYS:
            yield f"{key}: belongs to a site, write it there: sites['www.example.com'][{key!r}]"
        elif key not in _KEYS and near:
            yield f"{key}: unknown key, did you mean {near[0]!r}?"


def _lines(errors: list[Any]) -> Iterable[str]:
    places = [error["loc"] for error in errors]
    for error in errors:
        loc = error["loc"]
        below = [place for place in places if len(place) > len(loc) and place[: len(loc)] == loc]
        # Of a list whose only item is wrong, pydantic says that it has none, too.
        if error["type"] != "too_short" or not below:
            yield _line(error)


def _line(error: Any) -> str:
    loc = [part for part in error["loc"] if not str(part).startswith("<")]
    if loc[-1:] == ["[key]"]:
        return f"{_key(loc[:-2])}: {error['input']!r}: {words(error)}"
    if error["type"] == "missing":
        return f"{_key(loc)}: missing, add it"
    if error["type"] == "unknown_key":
        # It may be a misspelt one, whose value nobody should see.
        return f"{_key(loc)}: unknown key, {words(error)}"
    return f"{_key(loc)}: {_value(error['input'], loc)}: {words(error)}"


def _key(loc: list[Any]) -> str:
    first, *rest = loc
    return str(first) + "".join(f"[{part!r}]" for part in rest)


def _value(value: Any, loc: list[Any]) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: …" for key in value) + "}"
    if isinstance(value, list | tuple | set):
        return f"[… {len(value)} of them]" if value else "[]"
    if (_SECRET & set(loc) or loc == ["alerts"]) and loc[-1] not in _PLAIN:
        return "(value not shown)"
    text = _LOGIN.sub("//***@", repr(value))
    return text if len(text) <= 60 else f"{text[:57]}..."

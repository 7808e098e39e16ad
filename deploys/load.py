"""From a host's data to a `Server`; the only reader of `host.data`."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pyinfra.api.host import Host

from deploys.config import Server
from deploys.config.settings import words
from deploys.refusal import Refusal

_KEYS = tuple(Server.model_fields)
_SECRET_PARENTS = ("env", "eab", "credentials", "secrets", "webhook")
_SECRETS = ("password",)
_LOGIN = re.compile(r"//[^/?#\s'\"]*@")
"""The part of a URL that may hold a password."""


def load(host: Host) -> Server:
    """Read and check the settings of one host.

    Raises:
        Refusal: one line for each setting that is wrong, before anything on any host is changed.

    """
    data: dict[str, Any] = host.data.dict()  # type: ignore[no-untyped-call]  # pyinfra leaves it untyped
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
        problems += [_line(error) for error in refusal.errors(include_url=False)]
    if problems:
        lines = "\n".join(f"{prefix}{problem}" for problem in problems)
        raise Refusal(f"settings refused, nothing was changed\n{lines}")
    return server


def _misspelt(data: Mapping[str, Any]) -> Iterable[str]:
    for key in data:
        near = get_close_matches(key, _KEYS, n=1, cutoff=0.75)
        if key not in _KEYS and near:
            yield f"{key}: unknown key, did you mean {near[0]!r}?"


def _line(error: Any) -> str:
    loc = [part for part in error["loc"] if not str(part).startswith("<")]
    if loc and loc[-1] == "[key]":
        loc = loc[:-2]
    if error["type"] == "missing":
        return f"{_key(loc)}: missing, add it"
    return f"{_key(loc)}: {_value(error['input'], loc)}: {words(error)}"


def _key(loc: list[Any]) -> str:
    first, *rest = loc
    return str(first) + "".join(f"[{part!r}]" for part in rest)


def _value(value: Any, loc: list[Any]) -> str:
    if (loc[-1:] and loc[-1] in _SECRETS) or any(parent in loc[:-1] for parent in _SECRET_PARENTS):
        return "(value not shown)"
    text = _LOGIN.sub("//***@", repr(value))
    if any(f"'{key}':" in text for key in _SECRETS):
        return "(value not shown)"
    return text if len(text) <= 60 else f"{text[:57]}..."

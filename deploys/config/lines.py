"""What users get to read of a setting that is refused: one line, in words of our own. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network
from pathlib import PurePath
from typing import Any

from deploys.config import letters
from deploys.config.apps import App
from deploys.config.certificates import Acme
from deploys.config.offers import offer, place_of
from deploys.config.remedies import remedy
from deploys.config.routes import AppRoute
from deploys.config.secrecy import is_secret
from deploys.config.server import Server
from deploys.config.settings import Settings
from deploys.config.sites import Site
from deploys.config.unheard import NO_SLIPS, UNHEARD

_GROUPS: dict[str, type[Settings]] = {"the top": Server, "an app": App, "a site": Site}
_THERE = {
    **{"the top": "{} = …", "an app": "apps['shop']['{}']", "a site": "sites['www.example.com']['{}']"},
    **{"a route": "sites['www.example.com']['routes']['/']['{}']", "acme": "acme['{}']"},
}

_PLAIN = {"deliver", "format"}
"""Within what is secret, keys whose values are not."""

_LOGIN = re.compile(r"//[^/?#\s'\"]*@")
"""The part of a URL that may hold a password."""

_LONGEST, _LONGEST_REMEDY = 60, 500
"""Characters of a value, and of what is said of it."""

_MOST = 8
"""How many keys of an object are shown."""


def belongs(whose: str, key: str) -> str:
    """Say in which group of settings a key is at home."""
    return f"belongs to {whose}, write it there: {_THERE[whose].format(key)}"


def worth_a_line(errors: list[Any]) -> list[Any]:
    """Leave out what says nothing: that a list has no item, which pydantic says where its one is wrong."""
    places = [error["loc"] for error in errors]

    def has_others_below(loc: tuple[Any, ...]) -> bool:
        return any(len(place) > len(loc) and place[: len(loc)] == loc for place in places)

    return [error for error in errors if error["type"] != "too_short" or not has_others_below(error["loc"])]


def line_of(error: Any, settings: Mapping[str, Any]) -> str:
    """Say where an error is, what is there, and what to write.

    Args:
        error: one of a ValidationError's.
        settings: all of them, as they were written.

    """
    loc = [*place_of(error)]
    if loc[-1:] == ["[key]"]:
        return f"{_key(loc[:-2])}: {_seen(error['input'])}: {_remedy(error, settings)}"
    if error["type"] == "missing":
        return f"{_key(loc)}: missing, add it"
    if error["type"] == "unknown_key":
        # It may be a misspelt one, whose value nobody should see.
        return f"{_key(loc)}: unknown key, {_elsewhere(error, loc) or remedy(error)}"
    # A text in place of all alerts is most likely the webhook's URL.
    if (is_secret(Server, loc) or loc == ["alerts"]) and loc[-1] not in _PLAIN:
        # Of an object only its keys are shown, and so they may be in the remedy; these two are no secrets.
        is_shown = isinstance(error["input"], dict | bool)
        words = _remedy(error, settings) if is_shown else remedy(error)
        return f"{_key(loc)}: {_hidden(error['input'])}: {words}"
    return f"{_key(loc)}: {_seen(error['input'])}: {_remedy(error, settings)}"


def _elsewhere(error: Any, loc: list[Any]) -> str | None:
    """Say where a key belongs that is none where it stands, nor a misspelt one."""
    key = str(loc[-1])
    if error["ctx"]["is_known"] and key not in NO_SLIPS:
        return None
    if key.startswith("/"):
        return 'a path is one of the "routes" of a site'
    whose = next((whose for whose, group in _groups(loc) if key in group.model_fields), None)
    return belongs(whose, key) if whose else UNHEARD.get(key.lower().replace("-", "_"))


def _groups(loc: list[Any]) -> Iterable[tuple[str, type[Settings]]]:
    """List the groups in which a key may be at home that stands in another one."""
    yield from _GROUPS.items()
    if len(loc) == 3 and loc[0] in {"apps", "sites"}:
        yield "a route", AppRoute
    if "certificate" in loc:
        yield "acme", Acme


def _remedy(error: Any, settings: Mapping[str, Any]) -> str:
    rule = remedy(error)
    if _is_slip(error["input"]) and rule.startswith("write "):
        rule = f"leave out the comma behind it, or {rule}"
    return _cut(_LOGIN.sub("//***@", f"{offer(settings, error)}{rule}"), _LONGEST_REMEDY)


def _is_slip(value: object) -> bool:
    """Say whether a value most likely became a list by a comma that ends its line, which Python takes so."""
    return isinstance(value, tuple) and len(value) == 1


def _key(loc: list[Any]) -> str:
    first, *rest = loc
    return str(first) + "".join(f"[{_written(part)}]" for part in rest)


def _seen(value: Any) -> str:
    """Show a value, and name what nobody sees of it; not a key that stands where its file was asked for."""
    if isinstance(value, str) and "PRIVATE KEY-----" in value:
        return "(value not shown)"
    strange = letters.strange(value) if isinstance(value, str) else None
    return f"{_value(value)} (with {strange})" if strange else _value(value)


def _hidden(value: Any) -> str:
    is_shown = value is None or isinstance(value, bool | dict | list | tuple | set)
    return _value(value) if is_shown else "(value not shown)"


def _value(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(_some(f"{_written(key)}: …" for key in value)) + "}"
        case list() | tuple() | set() | frozenset():
            return f"[… {len(value)} of them]" if value else "[]"
        case str() | bytes() | int() | float() | PurePath() | None:
            return _written(value)
        case Decimal() | date() | time() | timedelta() | IPv4Network() | IPv6Network():
            return _written(value)
        case _ if callable(value):
            return f"the function {getattr(value, '__name__', '')}".rstrip()
        case _:
            return f"a value of type {type(value).__name__}"


def _some(words: Iterable[str]) -> list[str]:
    found = [*words]
    return found if len(found) <= _MOST else [*found[:_MOST], f"and {len(found) - _MOST} more"]


def _written(value: object) -> str:
    try:
        return _cut(_LOGIN.sub("//***@", repr(value)), _LONGEST)
    except ValueError:  # Python writes no integer of thousands of digits
        return "a number of thousands of digits"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."

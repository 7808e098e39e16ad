"""What to write instead of what pydantic refuses, in the words of whoever writes the settings."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

_OBJECT = 'write an object, {"…": …}'
_WORDS = {
    "bool_type": "write True or False",
    "dict_type": _OBJECT,
    "frozen_set_type": 'write a list, ["…"]',
    "list_type": 'write a list, ["…"]',
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "string_type": 'write it in quotes, "…"',
    "too_short": "write at least one",
    "tuple_type": 'write a list, ["…"]',
}
_TRUE, _FALSE = {"true", "yes", "on", "1", "y"}, {"false", "no", "off", "0", "n"}


def remedy(error: Any, *, near: bool = False) -> str:
    """Say what one error asks for; pydantic's own words are for programmers, and reach no user.

    Args:
        error: one of a ValidationError's.
        near: whether the value, which may be a secret, may be shown: what was probably meant is then said.

    """
    probably = guess(error) if near else None
    return f"{probably} {_rule(error)}" if probably else _rule(error)


def closest(word: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Find the known word that somebody who wrote another one most probably meant."""
    words = {each.lower(): each for each in known}
    near = get_close_matches(str(word).lower(), words, n=1, cutoff=cutoff)
    return words[near[0]] if near else None


def meant(word: object, known: Iterable[str]) -> str:
    """Ask whether the nearest of the known words was meant, before one says what to write."""
    near = None if word is None else closest(word, known)
    return f"did you mean {near!r}? " if near else ""


def _rule(error: Any) -> str:
    context = error.get("ctx", {})
    if callable(error["input"]):
        return "call it, or write a value"
    match error["type"]:
        case _ if "words" in context:
            return str(context["words"])
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"write {context['expected']}"
        case "alternative":
            return str(error["msg"])
        case kind:
            return _WORDS.get(kind, "write another value; docs/settings.md says which")


def guess(error: Any) -> str | None:
    """Say what was probably meant, in words that show the value; None where that is anybody's guess."""
    context, value = error.get("ctx", {}), error["input"]
    likely: object = None
    match error["type"]:
        case _ if callable(value):
            return None
        case _ if "near" in context:
            return str(context["near"]) or None
        case "value_error":
            return getattr(context["error"], "near", None)
        case "literal_error":
            likely = _choice(value, context["expected"])
        case "alternative" if isinstance(value, PurePath) and context.get("text"):
            likely = str(value)
        case "bool_type" if str(value).lower() in _TRUE | _FALSE:
            likely = str(value).lower() in _TRUE
        case "tuple_type" if isinstance(value, str):
            likely = [value]
        case "alternative" if isinstance(value, dict) and context.get("keys"):
            likely = _key(value, context["keys"].split())
        case "alternative" if context.get("bare") and re.fullmatch(r"[a-z][a-z0-9-]*", str(value)):
            likely = {context["bare"]: value}
    return None if likely is None else f"did you mean {likely!r}?"


def _choice(value: object, expected: str) -> object:
    """Find the nearest of the choices, which pydantic has put into one text."""
    words, numbers = re.findall(r"'([^']*)'", expected), re.findall(r"\b\d+\b", expected)
    if not isinstance(value, str):
        return None
    if value in numbers and not words:
        return int(value)
    return closest(value, words) if len(words) > 1 else None


def _key(value: dict[Any, Any], keys: list[str]) -> str | None:
    """Find the key that was to tell the alternatives apart, where it is merely misspelt."""
    return None if set(value) & set(keys) else next(filter(None, (closest(one, keys) for one in value)), None)

"""TOML and JSON as whoever writes a source may have them: read soon, or refused in a few words. Pure."""

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

from deploys.onhost.words import shown

_MOST_PARTS = 500
"""Parts of a dotted key: by twice as many, Python's own reader takes four times as long."""
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_NO_KEY = re.compile(r"[^\w.\s-]")


class Unreadable(ValueError):
    """A text is not what it is to be; the message says why."""


def toml(text: str) -> dict[str, Any]:
    """Read TOML.

    Raises:
        Unreadable: it is none, or goes on deeper or longer than any that people write.

    """
    if any(line.count(".") > _MOST_PARTS and _parts(line) > _MOST_PARTS for line in text.split("\n")):
        raise Unreadable(f"a key in it has more than {_MOST_PARTS} parts")
    return table(_read(tomllib.loads, text))


def json_object(text: str) -> dict[str, Any]:
    """Read JSON that is an object.

    Raises:
        Unreadable: it is none, or goes on deeper or longer than any that programs write.

    """
    found = _read(json.loads, text)
    if not isinstance(found, dict):
        raise Unreadable("it is no object")
    return found


def objects(value: object) -> list[dict[str, Any]]:
    """Give the tables or objects of a list, where it is one."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Give the texts of a list, where it is one."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def table(value: object) -> dict[str, Any]:
    """Give a table or an object, where it is one."""
    return value if isinstance(value, dict) else {}


def _parts(line: str) -> int:
    """Count the parts of the longest key that a line may have."""
    return max(run.count(".") for run in _NO_KEY.split(_STRING.sub("x", line)))


def _read(loads: Callable[[str], object], text: str) -> object:
    try:
        return loads(text)
    except RecursionError:
        raise Unreadable("there is too much in one another") from None
    except ValueError as error:  # for a number that is too long, too
        raise Unreadable(shown(str(error), 200)) from None

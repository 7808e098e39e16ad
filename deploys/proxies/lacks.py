"""What a proxy cannot do: found in the settings, and told in the words of its own table. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploys.config import Server
from deploys.config.settings import Settings

Lacks = Mapping[str, str]
"""Settings by patterns of their keys, like `sites.*.routes.*.files`, and why they cannot be honoured."""

_SHOWN = (bool, int, str)


def lacking(server: Server, lacks: Lacks) -> Iterator[str]:
    """Say which of these settings are made, each in a line with the reason.

    Args:
        server: the settings; a value that is there by default asks for nothing.
        lacks: the proxy's table.

    """
    for pattern, reason in lacks.items():
        for path, value in _given(server, pattern.split(".")):
            key = path[0] + "".join(f"[{part!r}]" for part in path[1:])
            shown = f" {value!r}:" if isinstance(value, _SHOWN) else ""
            yield f"{key}:{shown} remove it; {reason}"


def is_meant(key: str, word: str) -> bool:
    """Say whether a word of a pattern means a key: itself, `*` for any, or `!KEY` for any other one."""
    return word in {"*", key} or (word[0] == "!" and word[1:] != key)


def _given(group: Any, pattern: list[str]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give the settings that a pattern means: their keys, and their values."""
    first, *rest = pattern
    if isinstance(group, Mapping):
        found = [(key, value) for key, value in group.items() if is_meant(str(key), first)]
    elif isinstance(group, Settings) and first in group.model_fields_set:
        value = getattr(group, first)
        found = [(first, value)] if value != type(group).model_fields[first].default else []
    else:
        return
    for key, value in found:
        if rest:
            yield from (((str(key), *below), last) for below, last in _given(value, rest))
        else:
            yield (str(key),), value

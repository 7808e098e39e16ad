"""Anywhere: what Traefik is to follow, made of the routing, the marks on the host and the certificates."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

ALWAYS, MARKS, PRESENT, ABSENT = "always", "marks", "present", "absent"
_MARKER = "gatehouse-"


def chosen(routing: dict[str, Any], is_there: Callable[[str], bool]) -> dict[str, Any]:
    """Put together what holds always, and what holds by each mark.

    Args:
        routing: as `configuration.py` makes it.
        is_there: says whether a mark is.

    """
    found = json.loads(json.dumps(routing[ALWAYS]))
    for mark, what in sorted(routing[MARKS].items()):
        _merge(found, what[PRESENT if is_there(mark) else ABSENT])
    return dict(found)


def with_certificates(routing: dict[str, Any], read: Callable[[str], str]) -> dict[str, Any]:
    """Put certificates in the place of their paths, as only root can read them there."""
    pairs = [{key: read(path) for key, path in pair.items()} for pair in routing["tls"]["certificates"]]
    return {**routing, "tls": {**routing["tls"], "certificates": pairs}}


def named(routing: dict[str, Any]) -> tuple[str, str]:
    """Write it so that Traefik can be asked whether this is what it runs: a middleware bears its digest.

    Returns:
        The digest, and the content of the file.

    """
    digest = hashlib.sha256(json.dumps(routing, sort_keys=True).encode()).hexdigest()[:16]
    http = {**routing["http"], "middlewares": dict(routing["http"].get("middlewares", {}))}
    http["middlewares"][marker(digest)] = {"addPrefix": {"prefix": "/"}}
    return digest, text({**routing, "http": http})


def marker(digest: str) -> str:
    """Name the middleware by which what runs is known."""
    return f"{_MARKER}{digest}"


def digest_of(content: dict[str, Any]) -> str:
    """Tell the digest that the content of such a file bears."""
    (name,) = [name for name in content["http"]["middlewares"] if name.startswith(_MARKER)]
    return str(name.removeprefix(_MARKER))


def text(content: dict[str, Any]) -> str:
    """Write JSON that is YAML as well, and in which Traefik finds no template (text/template of Go's)."""
    return json.dumps(content, indent=2, ensure_ascii=False).replace("{{", "{\\u007b") + "\n"


def _merge(into: dict[str, Any], what: dict[str, Any]) -> None:
    for key, value in what.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value

"""The pieces of which Traefik's routing is made. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["routers", "middlewares", "services", "serversTransports"]


@dataclass(frozen=True)
class Piece:
    """A router, a middleware, a service or a way to reach servers, by its name."""

    kind: Kind
    name: str
    what: Mapping[str, Any]


@dataclass(frozen=True)
class Marked:
    """What hangs on a mark, a file on the host: pieces for where it is there, and for where it is not."""

    mark: str
    present: tuple[Piece, ...]
    absent: tuple[Piece, ...] = ()


def named(*words: str) -> str:
    """Make the name of a piece; after an @, Traefik would read whose it is."""
    return "".join(words).replace("@", "%40")


def router(name: str, **what: Any) -> Piece:
    """Make a router."""
    return Piece("routers", name, what)


def middleware(name: str, kind: str, **what: Any) -> Piece:
    """Make a middleware of a kind."""
    return Piece("middlewares", name, {kind: what})


def section(pieces: Iterable[Piece]) -> dict[str, Any]:
    """Write pieces as the section of HTTP; one that comes twice is the same both times."""
    found: dict[str, dict[str, Any]] = {}
    for piece in pieces:
        found.setdefault(piece.kind, {})[piece.name] = dict(piece.what)
    return {"http": found} if found else {}

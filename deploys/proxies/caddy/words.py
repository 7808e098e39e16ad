"""Caddy's words: placeholders, amounts, and regular expressions that know no look-ahead (RE2). Pure."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
"""A part of the configuration."""

ABORT: Json = {"handler": "static_response", "abort": True}
"""No answer at all."""

PATH = "{http.request.uri.path}"
"""The path with its escapes resolved, by which requests are routed."""
TARGET = "{http.request.uri}"
"""The path and the query as they are passed on: as they were sent, but for what no URL may have in it."""
SENT = "{http.request.orig_uri}"
"""The target of the request, byte for byte."""
NAME = "{http.vars.name}"
"""The site's name in the request, as it is written in the settings."""
CLIENT = "{http.vars.client_ip}"
STATUS = "{http.error.status_code}"
"""What an error is answered with."""
SERVER_NAME = "{http.request.tls.server_name}"


def literal(text: str) -> str:
    """Keep what a text has in braces from being taken for one of Caddy's placeholders.

    A backslash before either brace is Caddy's own, and it takes it away.
    """
    return re.sub("([{}])", r"\\\1", text)


def matches(what: str, pattern: str, name: str = "") -> Json:
    """Match what a placeholder stands for; what the pattern's groups hold is then known by the name."""
    return {"vars_regexp": {what: {"pattern": pattern, **({"name": name} if name else {})}}}


def quoted(text: str) -> str:
    """Write a text as a pattern of itself."""
    return re.escape(text)


def hidden() -> str:
    """Make the pattern of paths with a hidden file on the way: no dot segment, and not `/.well-known/`.

    What some take for dot segments is not hidden, either: it is refused.
    """
    rest = "[^/]"
    for character in reversed("ell-known"):
        rest = f"[^{character}]|{character}(?:$|{rest})"
    return rf"/\.(?:[^/.w#;?\\]|\.[^/#;?\\]|w(?:$|{rest}))"


def mixed(one: str, other: str, length: int, *, more: bool) -> str:
    """Make the pattern of a word with characters of two classes, and at least one of each.

    Args:
        one: a class of characters, like `0-9`.
        other: another one, which has none in common with it.
        length: how long the word is.
        more: whether it may be longer.

    """
    either, end = f"[{one}{other}]", "," if more else ""
    return "|".join(
        f"[{first}]{{{at}}}[{then}]{either}{{{length - at - 1}{end}}}"
        for first, then in ((one, other), (other, one))
        for at in range(1, length)
    ) + (f"|[{one}]{{{length},}}[{other}]{either}*|[{other}]{{{length},}}[{one}]{either}*" if more else "")


def cased(length: int) -> str:
    """Make the pattern of a word of letters, digits, `_` and `-` with letters of either case in it."""
    return "|".join(
        f"[0-9_-]{{{before}}}[{first}][0-9_{first}-]{{{between}}}[{then}][A-Za-z0-9_-]{{{after}}}"
        for first, then in (("A-Z", "a-z"), ("a-z", "A-Z"))
        for before in range(length - 1)
        for between in range(length - before - 1)
        for after in [length - before - between - 2]
    )


def fingerprinted() -> Iterator[str]:
    """Give the patterns of paths of files that have a digest of their content in their names.

    They are those that webpack, Parcel and Django give, then esbuild's, then those of Vite, which are like
    words but in a folder of their own.
    """
    kind = r"(\.[A-Za-z0-9]+)+$"
    yield rf"[-.](?:{mixed('0-9', 'a-f', 8, more=True)}){kind}"
    yield rf"-(?:{mixed('A-Z', '2-7', 8, more=False)}){kind}"
    yield rf"/assets/[^/]+[-.](?:{cased(8)}){kind}"

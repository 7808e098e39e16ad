"""Caddy's words: placeholders, amounts, and regular expressions that know no look-ahead (RE2). Pure."""

import re
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

"""Patterns without look-ahead mean what those with it do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.proxies.caddy import words


@pytest.mark.parametrize(
    ("path", "is_hidden"),
    [
        *((path, True) for path in ("/.env", "/a/.git/x", "/.w", "/.well-known", "/.well-knownx", "/.wel/x")),
        *((path, True) for path in ("/..x", "/...", "/.well-known/.x", "/./.env", "/.well-known/../.env")),
        *((path, False) for path in ("/", "/a.b", "/.well-known/", "/.well-known/x", "/x/.well-known/y")),
        # These are refused rather than cut off.
        *((path, False) for path in ("/.", "/..", "/./a", "/../a", "/a/..;/b", "/a/..#/b", "/..\\x")),
    ],
)
def test_a_hidden_file_is_found(path: str, is_hidden: bool) -> None:
    assert bool(re.search(words.hidden(), path)) == is_hidden


@given(st.text("{}\\a"))
def test_a_text_holds_no_placeholder(text: str) -> None:
    """Caddy takes a brace after a backslash for itself, and the backslash away."""
    escaped = words.literal(text)
    assert re.search(r"(?<!\\){", escaped) is None
    assert re.sub(r"\\([{}])", r"\1", escaped) == text

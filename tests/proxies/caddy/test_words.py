"""Patterns without look-ahead mean what those with it do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.proxies.caddy import words

DIGESTS = (
    r"[-.](?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}(\.[A-Za-z0-9]+)+$",
    r"-(?=[A-Z]*[2-7])(?=[2-7]*[A-Z])[2-7A-Z]{8}(\.[A-Za-z0-9]+)+$",
    r"/assets/[^/]+[-.](?=[^.]*[A-Z])(?=[^.]*[a-z])[A-Za-z0-9_-]{8}(\.[A-Za-z0-9]+)+$",
)
"""As nginx has them."""


@given(
    folder=st.sampled_from(["/assets/x", "/x", "/assets/"]),
    mark=st.sampled_from("-."),
    word=st.text("0289abcdefAGZ_-", min_size=5, max_size=12) | st.text("AB27", min_size=7, max_size=9),
    end=st.sampled_from([".js", ".min.js", "", ".x-y"]),
)
def test_a_digest_in_a_name_is_found_alike(folder: str, mark: str, word: str, end: str) -> None:
    path = f"{folder}{mark}{word}{end}"
    for pattern, reference in zip(words.fingerprinted(), DIGESTS, strict=True):
        assert bool(re.search(pattern, path)) == bool(re.search(reference, path)), path


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

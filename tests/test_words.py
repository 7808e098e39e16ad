"""What strangers wrote cannot harm a terminal, nor fill it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.onhost.words import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.test/b c", "http://a.test/b c"),
        ("größer", "größer"),
        ("\x1b[2Jgone", "?[2Jgone"),
        ("two\nlines\r\n", "two?lines??"),
        ("\x9b31m", "?31m"),
        ("\u202egpj.exe", "?gpj.exe"),
        ("a" * 11, "a" * 9 + "…"),
        ("a" * 10, "a" * 10),
    ],
)
def test_shown(text: str, expected: str) -> None:
    assert shown(text, 10 if text.startswith("aaaa") else 72) == expected


@given(text=st.text())
def test_it_is_one_short_printable_line(text: str) -> None:
    found = shown(text)
    assert found.isprintable()
    assert len(found) <= 72
    assert shown(found) == found

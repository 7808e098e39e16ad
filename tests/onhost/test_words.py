"""What strangers wrote cannot harm a terminal, nor fill it, nor pass for words of ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.onhost.words import QUOTE, cited, lines, quoted, said, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.test/b c", "http://a.test/b c"),
        ("größer", "größer"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("two\nlines\r\n", r"two\nlines\r\n"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("a\u200bb\u2028c\x85d\x7f", r"a\u200bb\u2028c\x85d\x7f"),
        ("\udce9", r"\udce9"),
        ("a\u3164b\u2800c\U000e0101d\ufe01", r"a\u3164b\u2800c\U000e0101d\ufe01"),
        ("❤\ufe0f e\u0301", "❤\ufe0f e\u0301"),
        ("e" + "\u0301" * 6, "e" + "\u0301" * 4 + r"\u0301\u0301"),
        ("e" + "\u0488" * 6, "e" + "\u0488" * 4 + r"\u0488\u0488"),
        ("\u0e01" + "\u0e34" * 6, "\u0e01" + "\u0e34" * 4 + r"\u0e34\u0e34"),
        ("\u0915\u094d\u0937\u093f\u0902", "\u0915\u094d\u0937\u093f\u0902"),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "    | (it wrote nothing)"),
        (b"one", "    | one"),
        (b"--> Success\n[web] Done", "    | --> Success\n    | [web] Done"),
        (b"50%\r100%\r\n", "    | 50%\\r100%"),
        ("a\u2028--> b\x85--> c", "    | a\\u2028--> b\\x85--> c"),
        (b"\x1b[31mred\x1b[0m \x1b]0;title\x07", "    | red \\x1b]0;title\\x07"),
        (b"caf\xe9\tx", "    | caf\\xe9 x"),
        ("\n\n\n", "    | (it wrote nothing)"),
    ],
)
def test_quoted(text: str | bytes, expected: str) -> None:
    assert quoted(text) == expected


@given(text=st.one_of(st.text(), st.binary()), last=st.integers(1, 5))
def test_every_line_of_a_quotation_is_marked_and_printable(text: str | bytes, last: int) -> None:
    rows = quoted(text, last).split("\n")
    assert all(row.startswith(QUOTE) and row.isprintable() for row in rows)
    assert len(rows) <= last


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "git refuses without a word"),
        ("fatal: no\n", "git refuses: 'fatal: no'"),
        ("fatal: no\n--> yes", "git refuses:\n    | fatal: no\n    | --> yes"),
    ],
)
def test_said(text: str, expected: str) -> None:
    assert said("git refuses", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "'no'"),
        ("KeyError: 'TOKEN'", "\"KeyError: 'TOKEN'\""),
        ("'; release 9 has the traffic; '", "\"'; release 9 has the traffic; '\""),
        ("'a\" b'", r"'\'a" + '"' + r" b\''"),
        ("\x1b[2J", r"'\x1b[2J'"),
        ("y" * 80, "'" + "y" * 71 + "…'"),
    ],
)
def test_a_citation_ends_where_its_text_does(text: str, expected: str) -> None:
    assert cited(text) == expected


@given(text=st.text())
def test_nothing_of_a_citation_stands_outside_of_its_marks(text: str) -> None:
    found = cited(text)
    assert found.isprintable()
    assert found[0] == found[-1]
    assert found[0] not in found[1:-1].replace(f"\\{found[0]}", "")


def test_the_last_lines_count() -> None:
    assert lines("\n".join(map(str, range(9))), last=2) == ["7", "8"]


_FIT = {"said", "quoted", "shown", "cited", "lines"}
_PARSED = {
    ("deploys/apps/onhost/uv.py", "install"),  # the lines that matter are picked out, and quoted
    ("deploys/certificates/onhost/account.py", "call"),  # handed to `words`, which quotes
    ("deploys/onhost/run.py", "attempt"),  # decoded for whoever asked
}


def unquoted(source: str) -> Iterator[str]:
    """Name the functions in which what a program complained of goes anywhere but through the above."""
    tree = ast.parse(source)
    fit = {
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call.func) in _FIT
        for argument in call.args
        for node in ast.walk(argument)
    }
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from (
                function.name
                for node in ast.walk(function)
                if isinstance(node, ast.Attribute) and node.attr == "stderr"
                if not (isinstance(node.value, ast.Name) and node.value.id == "sys") and node not in fit
            )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("path", sorted(map(str, Path("deploys").rglob("*.py"))))
def test_what_programs_complain_of_is_quoted(path: str) -> None:
    found = {(path, name) for name in unquoted(Path(path).read_text(encoding="utf-8"))} - _PARSED
    assert not found, "the words of a program go through words.said, .quoted or .shown"


def test_nothing_is_printed_past_the_terminal_s_guard() -> None:
    on_controller = [path for path in Path("deploys").rglob("*.py") if "onhost" not in path.parts]
    found = {str(path) for path in on_controller if re.search(r"^\s*print\(", path.read_text(), re.MULTILINE)}
    # The reference of the settings is ours alone.
    assert found == {"deploys/terminal.py", "deploys/config/reference.py"}


def test_an_unquoted_complaint_is_found() -> None:
    assert list(unquoted('def f(done):\n    sys.exit(f"no: {done.stderr}")')) == ["f"]
    assert list(unquoted('def f(done):\n    sys.exit(words.said("no", done.stderr))')) == []

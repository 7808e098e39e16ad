"""What is asked for in the words of Poetry and of others, as uv reads it."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from deploys.apps import ranges
from deploys.apps.formats import Unreadable

Triple = tuple[int, int, int]

MINORS, PATCHES = 6, 3
EVERY: list[Triple] = [(3, minor, patch) for minor in range(MINORS + 2) for patch in range(PATCHES + 2)]
"""All there are, for constraints with no higher numbers in them."""


@pytest.mark.parametrize(
    ("constraint", "request_"),
    [
        ("*", ranges.ANY),
        (" * ", ranges.ANY),
        ("^3.10 || *", ranges.ANY),
        ("^3.11", ">=3.11,<4"),
        ("^ 3.11", ">=3.11,<4"),
        ("^3.12.4", ">=3.12.4,<4"),
        ("^3", ">=3,<4"),
        ("~3", ">=3,<4"),
        ("~3.11", ">=3.11,<3.12"),
        ("~3.11.2", ">=3.11.2,<3.12"),
        ("~=3.11", "~=3.11"),
        ("~=3", ">=3,<4"),
        ("3.11", "==3.11.*"),
        ("=3.11", "==3.11.*"),
        ("v3.11", "==3.11.*"),
        ("3.11.*", "==3.11.*"),
        ("3.11.2", "==3.11.2"),
        ("3", "==3.*"),
        ("<>3.11.2", "!=3.11.2"),
        ("!=3.11.*", "!=3.11.*"),
        ("^3.10,<3.13", ">=3.10,<4,<3.13"),
        (">=3.10 <3.13", ">=3.10,<3.13"),
        (">= 3.10 , < 3.13", ">=3.10,<3.13"),
        (">=3.9,", ">=3.9"),
        (">=3.12.*", ">=3.12"),
        (">=3.10-beta1", ">=3.10b1"),
        ("^3.14.0rc1", ">=3.14.0rc1,<4"),
        ("^3.9 || ^3.11", ">=3.9,<4"),
        ("2.7 || >=3.9", ">=3.9"),
        ("~3.10|~3.12", ">=3.10,<3.11 || >=3.12,<3.13"),
        (">=3.9,<3.9.7 || >3.9.7,<4.0", ">=3.9,<3.9.7 || >3.9.7,<4.0"),
    ],
)
def test_poetry_s_words_are_read(constraint: str, request_: str) -> None:
    assert ranges.of_poetry(constraint) == request_


@pytest.mark.parametrize(
    "constraint",
    [
        "",
        "3.x",
        "3.9 - 3.11",
        "=>3.9",
        "===3.11",
        "^3.10.*",
        ">=3.9,,<4",
        ",>=3.9",
        "^3.10 ||",
        "latest",
        "^",
    ],
)
def test_what_poetry_does_not_read_is_not_read(constraint: str) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        ranges.of_poetry(constraint)


@pytest.mark.parametrize(
    ("read", "words", "why"),
    [
        (ranges.of_poetry, "^2.7", "allows no version of CPython 3"),
        (ranges.of_poetry, "<3.9,>=3.9", "allows no version of CPython 3"),
        (ranges.of_poetry, " || ".join(["^3.9"] * 21), "more than 20 alternatives"),
        (ranges.of_poetry, ">=3.9," * 40, "more than 200 characters"),
        (ranges.of_specifiers, ">=3.9," * 40, "more than 200 characters"),
        (ranges.of_specifiers, "==2.7.*", "allows no version of CPython 3"),
        (ranges.of_specifiers, "3.12", "cannot be read"),
        (ranges.of_specifiers, ">=3.12.*", "cannot be read"),
        (ranges.of_specifiers, ">=3.9 <3.13", "cannot be read"),
        (ranges.of_specifiers, "^3.12", "cannot be read"),
        (ranges.of_specifiers, ">=3.9 || <3.8", "cannot be read"),
        (ranges.of_specifiers, "===three", "cannot be read"),
        (ranges.of_word, "", "is no version of CPython 3"),
        (ranges.of_word, "2.7", "is no version of CPython 3"),
        (ranges.of_word, "pypy3.10", "is no version of CPython 3"),
        (ranges.of_word, "graalpy-24.1", "is no version of CPython 3"),
        (ranges.of_word, "3.12.x", "is no version of CPython 3"),
        (ranges.of_word, "3.13t", "is free-threaded"),
        (ranges.of_word, "cpython-3.13.1t", "is free-threaded"),
        (ranges.of_word, "3.13+freethreaded", "is free-threaded"),
    ],
)
def test_what_cannot_be_had_is_not_read(read: Callable[[str], str], words: str, why: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(why)):
        read(words)


@pytest.mark.parametrize(
    ("word", "request_"),
    [
        ("3.12", "3.12"),
        ("3", "3"),
        ("3.12.4", "3.12.4"),
        ("3.14.0rc1", "3.14.0rc1"),
        ("python3.12", "3.12"),
        ("python-3.12.4", "3.12.4"),
        ("cpython@3.12", "3.12"),
        ("cpython-3.12", "3.12"),
        (">=3.12", ">=3.12"),
        (">= 3.12, <3.14", ">=3.12,<3.14"),
        ("*", ranges.ANY),
    ],
)
def test_names_of_versions_are_read(word: str, request_: str) -> None:
    assert ranges.of_word(word) == request_


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        (">=3.14.0rc1", ">=3.14.0rc1"),
        (">=3.9,", ">=3.9"),
        (">=3.9\n  ,<4", ">=3.9,<4"),
        (">=2.7,!=3.0.*,!=3.1.*", ">=2.7,!=3.0.*,!=3.1.*"),
        ("===3.11.2", "===3.11.2"),
        ("", ranges.ANY),
    ],
)
def test_specifiers_are_read(text: str, request_: str) -> None:
    assert ranges.of_specifiers(text) == request_


def test_what_allows_newer_versions_is_tried_first() -> None:
    found = ranges.alternatives("==3.9.* || >=3.10,<3.11 || >=3.12.1,<3.13")
    assert found == [">=3.12.1,<3.13", ">=3.10,<3.11", "==3.9.*"]


def answer(read: Callable[[str], str], words: str) -> tuple[str | None, str]:
    """Read words; give what is asked for, or none, and why."""
    try:
        return read(words), ""
    except Unreadable as error:
        return None, str(error)


numbers = st.one_of(
    st.tuples(st.integers(2, 4)),
    st.tuples(st.just(3), st.integers(0, MINORS)),
    st.tuples(st.just(3), st.integers(0, MINORS), st.integers(0, PATCHES)),
)
terms = st.one_of(
    st.tuples(
        st.sampled_from(["^", "~", "~=", "<", "<=", ">", ">=", "!=", "<>", "==", "=", ""]),
        numbers,
        st.just(""),
    ),
    st.tuples(st.sampled_from(["", "==", "!="]), numbers, st.just(".*")),
)
Term = tuple[str, tuple[int, ...], str]
constraints = st.lists(st.lists(terms, min_size=1, max_size=3), min_size=1, max_size=3)


def holds(term: Term, version: Triple) -> bool:
    """Read one as Poetry's manual has it."""
    operator, parts, star = term
    major, minor, patch = (*parts, 0, 0)[:3]
    named = (major, minor, patch)
    next_major, next_minor = (major + 1, 0, 0), (major, minor + 1, 0)
    match operator, len(parts):
        case ("^", _) | ("~" | "~=", 1) | ("~=", 2):
            return named <= version < next_major
        case ("~" | "~=", _):
            return named <= version < next_minor
        case ("" | "=" | "==", length):
            return version[:length] == parts
        case ("!=" | "<>", length):
            return version[:length] != parts if star else version != named
    return {
        "<": version < named,
        "<=": version <= named,
        ">": version > named,
        ">=": version >= named,
    }[operator]


def by_poetry(constraint: list[list[Term]]) -> set[Triple]:
    return {one for one in EVERY if any(all(holds(term, one) for term in terms) for terms in constraint)}


def by_us(request: str) -> set[Triple]:
    return {one for one in EVERY if ranges.allows(request, Version(".".join(map(str, one))))}


def text(constraint: list[list[Term]], between: str, either: str) -> str:
    words = ([f"{op}{'.'.join(map(str, parts))}{star}" for op, parts, star in terms] for terms in constraint)
    return either.join(between.join(each) for each in words)


@given(constraints, st.sampled_from([",", ", ", " ", " , "]), st.sampled_from(["||", " || ", "|", " | "]))
def test_what_poetry_allows_is_allowed_and_nothing_else(
    constraint: list[list[Term]], between: str, either: str
) -> None:
    request, why = answer(ranges.of_poetry, text(constraint, between, either))
    if request is None:
        assert (why, by_poetry(constraint)) == ("allows no version of CPython 3", set())
    else:
        assert by_us(request) == by_poetry(constraint)
        assert sorted(ranges.alternatives(request)) == sorted(request.split(" || "))


@given(constraints, constraints)
def test_two_that_are_asked_for_are_compared_by_all_versions(
    one: list[list[Term]], other: list[list[Term]]
) -> None:
    allowed = [by_poetry(each) for each in (one, other)]
    if not all(allowed):
        return
    first, second = (ranges.of_poetry(text(each, ",", "||")) for each in (one, other))
    assert ranges.implies(first, second) == (allowed[0] <= allowed[1])
    if common := allowed[0] & allowed[1]:
        assert by_us(ranges.both(first, second)) == common
    else:
        with pytest.raises(Unreadable):
            ranges.both(first, second)


@given(st.text(max_size=60), st.text(alphabet="3.129^~<>=!|,* rct", max_size=60))
def test_whatever_is_written_is_read_or_refused(anything: str, nearly: str) -> None:
    for words, read in product((anything, nearly), (ranges.of_poetry, ranges.of_word, ranges.of_specifiers)):
        request, why = answer(read, words)
        assert why if request is None else request == ranges.ANY or is_for_uv(request)


def is_for_uv(request: str) -> bool:
    return bool(ranges.alternatives(request)) and not re.search(r"[^\w.<>=!~,*| +-]", request)

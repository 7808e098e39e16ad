"""The patterns of rules, which are RE2's, and here read by Python as well."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.proxies.traefik import rules


def pattern(rule: str) -> "re.Pattern[str]":
    """Take the only pattern out of a rule."""
    (found,) = re.findall(r'Regexp\((?:"[^"]*", )?"((?:[^"\\]|\\.)*)"\)', rule)
    return re.compile(found.encode().decode("unicode_escape"))


@given(st.integers(0, 10**12), st.integers(0, 10**13), st.integers(0, 3))
def test_a_body_is_too_long_from_one_byte_more(most: int, length: int, zeros: int) -> None:
    assert bool(pattern(rules.longer_than(most)).search("0" * zeros + str(length))) == (length > most)


@pytest.mark.parametrize("most", [1, 9, 10, 99, 100, 999, 102_400, 1_048_576])
def test_at_its_edges(most: int) -> None:
    found = pattern(rules.longer_than(most))
    assert [bool(found.search(str(number))) for number in (most - 1, most, most + 1)] == [False, False, True]


@pytest.mark.parametrize(
    ("path", "is_hidden"),
    [
        *((path, True) for path in ("/.env", "/a/.git/config", "/a%2F.env", "/a%2f.x", "/.well-know", "/.")),
        *(
            (path, True)
            for path in ("/.well-known", "/.well-known/x/.env", "/.wellknown/x", "/.well-knownx/")
        ),
        *((path, False) for path in ("/", "/env", "/a.b", "/.well-known/x", "/a/.well-known/", "/a./b")),
    ],
)
def test_hidden_files(path: str, is_hidden: bool) -> None:
    assert bool(pattern(rules.hidden("well-known")).search(path)) == is_hidden


@pytest.mark.parametrize(
    ("path", "is_misleading"),
    [
        *((path, True) for path in ("/a/../b", "/..", "/.", "/./x", "/a/.", "/a/..;/b", "/a/..;x=y/b")),
        *((path, True) for path in ("/a%2F../b", "/a/..%2fb", "/a%5c..%5Cb", "/a\\..\\b", "/a/..%3Bx")),
        *((path, True) for path in ("/a/..%23/x", "/a/..%3f/x")),
        *((path, False) for path in ("/", "/a..b", "/a../b", "/a./b.", "/a.../b", "/a/b.c", "/%252e%252e/")),
    ],
)
def test_dot_segments(path: str, is_misleading: bool) -> None:
    assert bool(pattern(rules.path_matches(rules.MISLEADING)).search(path)) == is_misleading


@pytest.mark.parametrize(
    ("path", "is_like_it"),
    [
        *((path, True) for path in ("/api%2Fv1", "/api%2fv1/x", "/api/v1%2Fx", "/api/v1", "/api/v1/x")),
        *((path, False) for path in ("/api%2Fv1x", "/xapi/v1", "/api", "/x/api/v1", "/api.v1")),
    ],
)
def test_a_path_in_disguise(path: str, is_like_it: bool) -> None:
    """The rule leaves out, by other matchers, what is not in disguise."""
    assert bool(pattern(rules.disguised("/api/v1")).search(path)) == is_like_it


def test_the_path_itself_is_no_disguise() -> None:
    assert rules.disguised("/x").endswith(' && !Path("/x") && !PathPrefix("/x/")')


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (["a.test", "b.test"], 'Host("a.test") || Host("b.test")'),
        (["*.a.test"], r'HostRegexp("^[^.]+\\.a\\.test$")'),
        (["192.0.2.1"], r'HostRegexp("^192\\.0\\.2\\.1$")'),
        (["[2001:db8::1]"], r'HostRegexp("^\\[2001:db8::1\\]$")'),
    ],
)
def test_hosts(names: list[str], rule: str) -> None:
    assert rules.hosts(names) == rule

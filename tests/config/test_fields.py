"""No value that passes can end a directive, a shell word, a string or a line."""

import string
from typing import Annotated, Any, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from deploys.config import certificates, fields, hosts, packages

BREAKING = set(string.whitespace) | set("\"'\\`$;{}<>|\x00\x1b")

# Shown in quotes, and so with more to say.
QUOTED = {
    *("Command", "ContainedCommand", "ControllerPath", "IndexUser", "Line", "Requirement", "Schedule"),
    "Variable",
}
PLAIN = {
    name: kind
    for module in (fields, hosts, packages)
    for name, kind in vars(module).items()
    if get_origin(kind) is Annotated and name not in QUOTED
} | {"AcmeDirectory": certificates.AcmeDirectory}

SAMPLES = [
    "example.com", "*.example.com", "shop", "a.b:c", "a:b()", "KEY", "ops@example.com",
    "https://example.com/a?b=c#d", "https://example.com/shop.git", "/a/b/", "/srv/www", "static/", "main",
    "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "192.0.2.0/24", "2001:db8::/32", "fe80::%1/64", "10/s",
    "192.0.2.1:80", "[fe80::1%1]:80", "[2001:db8::1]:80", "30s", "10m", "8k", "3.12", "letsencrypt",
]  # fmt: skip

mutated = st.builds(
    lambda text, junk, at: text[: at % (len(text) + 1)] + junk + text[at % (len(text) + 1) :],
    st.sampled_from(SAMPLES),
    st.text(max_size=3) | st.sampled_from(sorted(BREAKING)),
    st.integers(0, 40),
)


@pytest.mark.parametrize("kind", PLAIN.values(), ids=PLAIN)
def test_no_accepted_value_holds_a_breaking_character(kind: Any) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    @given(st.text() | mutated)
    def accepted_values_are_harmless(text: str) -> None:
        try:
            value = adapter.validate_python(text)
        except ValidationError:
            return
        assert not BREAKING & set(value), f"{text!r} was accepted as {value!r}"

    accepted_values_are_harmless()


@given(st.text())
def test_a_line_is_one_line(text: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(fields.Line)
    try:
        value = adapter.validate_python(text)
    except ValidationError:
        return
    assert value == text
    assert len(value.splitlines()) <= 1

"""No value that passes can end a directive, a shell word, a string or a line."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from deploys.config import fields

BREAKING = set(string.whitespace) | set("\"'\\`$;{}<>|\x00\x1b")

PLAIN = [
    fields.Domain,
    fields.Name,
    fields.AppName,
    fields.AsgiReference,
    fields.EnvironmentName,
    fields.Email,
    fields.Url,
    fields.UrlPath,
    fields.HostPath,
    fields.Address,
    fields.Network,
    fields.Duration,
    fields.Size,
    fields.AcmeDirectory,
]

SAMPLES = [
    "example.com", "shop", "a.b:c", "a:b()", "KEY", "ops@example.com", "https://example.com/a?b=c#d", "/a/b/",
    "/srv/www", "192.0.2.1", "2001:db8::1", "192.0.2.0/24", "30s", "10m", "letsencrypt",
]  # fmt: skip

mutated = st.builds(
    lambda text, junk, at: text[: at % (len(text) + 1)] + junk + text[at % (len(text) + 1) :],
    st.sampled_from(SAMPLES),
    st.text(max_size=3) | st.sampled_from(sorted(BREAKING)),
    st.integers(0, 40),
)


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: str(kind.__metadata__[0].func.__qualname__)[:30])
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

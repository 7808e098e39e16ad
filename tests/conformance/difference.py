"""A difference between proxies, as it is tried and published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.wire import Request


@dataclass(frozen=True)
class Difference:
    """What a proxy does instead, in some cases of a table."""

    table: str
    cases: tuple[str, ...]
    """What the cases are about, each as it says itself."""
    reason: str
    instead: Mapping[str, Any] = field(default_factory=dict)
    """The fields of a case that differ."""


def raw(head: bytes, body: bytes) -> Request:
    """Make a request as it goes over the wire, written with `|` for the end of a line."""
    return Request(raw=head.replace(b"|", b"\r\n") + b"\r\n\r\n" + body)

"""A case of the suite: what is sent, and what client and app must see."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.conformance.wire import Answer, Request

CUT = None
"""Instead of a status: the connection ends without an answer."""

CLIENT = "(the client's address)"
ANY = re.compile(r".+")

Value = str | re.Pattern[str] | None


@dataclass(frozen=True)
class Case:
    """One request and its outcome."""

    about: str
    request: Request
    status: int | tuple[int | None, ...] | None = 200
    headers: Mapping[str, Value] = field(default_factory=dict)
    """Of the answer; None for a header that must not be there."""
    app: str | None = None
    """Which app must have been asked."""
    target: str | tuple[str, ...] | None = None
    """What the app must have been asked for, byte for byte."""
    seen: Mapping[str, Value] = field(default_factory=dict)
    """The headers that the app got; None for one that must not arrive."""
    length: int | None = None
    """How long a body the app got."""
    contains: str = ""
    """What must be in the answer's body."""
    handshake: bool = True
    never: str = ""
    """What no app may ever have been asked for."""
    needs: tuple[str, ...] = ()
    """The settings that it is about, by patterns of keys; a proxy that refuses one is not put to it."""

    def check(self, answer: Answer, client: str) -> None:
        """Compare an answer with what must be."""
        assert answer.handshake == self.handshake, "TLS handshake"
        allowed = self.status if isinstance(self.status, tuple) else (self.status,)
        assert answer.status in allowed, f"{answer.status}, not {self.status}: {answer.body[:300]!r}"
        for name, value in self.headers.items():
            compare(f"the answer's {name}", answer.header(name), value)
        assert self.contains in answer.body.decode("latin-1")
        if answer.status != 200:
            return
        if self.app is not None:
            assert answer.seen["app"].rpartition("-")[0] == self.app
        if self.target is not None:
            targets = self.target if isinstance(self.target, tuple) else (self.target,)
            assert answer.seen["target"] in targets
        for name, value in self.seen.items():
            compare(f"the app's {name}", answer.seen_header(name), client if value == CLIENT else value)
        if self.length is not None:
            assert answer.seen["length"] == self.length


def compare(what: str, found: str | None, wanted: Value) -> None:
    if isinstance(wanted, re.Pattern):
        assert found is not None, f"{what} is missing"
        assert wanted.fullmatch(found), f"{what} is {found!r}, not like {wanted.pattern!r}"
    else:
        assert found == wanted, f"{what} is {found!r}, not {wanted!r}"

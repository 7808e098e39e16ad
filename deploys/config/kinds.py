"""How a kind of value refuses what is none: what to write, and the nearest value that it takes."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import PurePath
from typing import Any

from pydantic import BeforeValidator

from deploys.config import letters

Check = Callable[[str], object]
"""Gives the value as it is kept, or raises a ValueError that says what to write."""

Nearest = Callable[[str], str | None]
"""Guesses from a value that was refused what was meant; a guess that would be refused, too, is dropped."""


class WrongError(ValueError):
    """Says what to write, and in `near` what was probably meant, which holds what may be a secret."""

    def __init__(self, what: str, near: object = None) -> None:
        super().__init__(what)
        self.near = near


def text(
    check: Check, what: str, nearest: Nearest = lambda _: None, *, of_bools: bool = False
) -> BeforeValidator:
    """Make a kind of value that is written as text.

    Args:
        check: what every value has to pass.
        what: what to write instead of something that is no text.
        nearest: what was probably meant.
        of_bools: whether True and False may be meant as those words.

    """

    def validate(value: Any) -> object:
        near = None if isinstance(value, bool) and not of_bools else _guess(check, nearest, value)
        if not isinstance(value, str):
            raise WrongError(what, near)
        try:
            return check(value)
        except ValueError as error:
            raise WrongError(str(error), near) from None

    return BeforeValidator(validate)


def _guess(check: Check, nearest: Nearest, value: Any) -> str | None:
    try:
        written = _as_text(value)
    except ValueError:  # an integer of thousands of digits
        return None
    guesses = () if written is None else _guesses(nearest, written)
    return next((guess for guess in guesses if guess and guess != value and _passes(check, guess)), None)


def _guesses(nearest: Nearest, written: str) -> Iterator[str | None]:
    plain = letters.plain(written)
    yield from (nearest(written), written, written.strip())
    yield from (plain.strip(), nearest(plain))


_TEXTS = str | int | float | Decimal | PurePath | date | time
_TEXTS |= IPv4Address | IPv6Address | IPv4Network | IPv6Network
"""What is a text when it is written down."""


def _as_text(value: Any) -> str | None:
    if isinstance(value, timedelta):
        return (
            f"{value // timedelta(milliseconds=1)}ms"
            if value % timedelta(seconds=1)
            else f"{value // timedelta(seconds=1)}s"
        )
    return str(value) if isinstance(value, _TEXTS) else None


def _passes(check: Check, value: str) -> bool:
    try:
        check(value)
    except ValueError:
        return False
    return True

"""Whatever a refusal asks whether it was meant is taken, where it asks so."""

import ast
import copy
import re
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.config.test_wrong_settings import EVERY, put
from tests.config.wrong import changed, refused, table

_OFFER = re.compile(
    r"(?P<place>[a-z_0-9]+(?:\[(?:'[^']*'|\d+)\])*): "
    r"(?P<value>.*?)(?:: |, )did you mean (?P<meant>.*?)\?(?: |$)"
)


class Offer(NamedTuple):
    """What stands where, as a line shows it, and what the line asks for instead."""

    place: tuple[Any, ...]
    shown: str
    meant: Any


def offer_in(line: str) -> Offer | None:
    found = _OFFER.match(line)
    # A login in a URL is left out of what is shown.
    if not found or "***" in found["meant"]:
        return None
    top, *rest = re.split(r"\[|\]\[|\]", found["place"])
    place = (top, *(ast.literal_eval(part) for part in rest if part))
    # Of a character that looks like another, its name stands behind the value.
    value = re.sub(r" \(with [A-Z0-9+ -]+\)$", "", found["value"])
    return Offer(place, value, ast.literal_eval(found["meant"]))


def at(settings: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        settings = settings[key]
    return settings


def taken(settings: dict[str, Any], offer: Offer) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """Put what is offered in its place: a value, or in a group a key, for the one that is like it."""
    settings = copy.deepcopy(settings)
    *above, last = offer.place
    group = at(settings, tuple(above))
    if offer.shown == "unknown key":
        group[offer.meant] = group.pop(last)
        return settings, (*above, offer.meant)
    there = at(settings, offer.place)
    if isinstance(there, dict) and not offer.shown.startswith("{"):
        wrong = next(key for key in there if repr(key) == offer.shown)
        there[offer.meant] = there.pop(wrong)
        return settings, (*offer.place, offer.meant)
    if isinstance(there, dict):
        assert offer.meant not in there, "the key that it offers is there"
        return settings, (*offer.place, offer.meant)
    if isinstance(group, tuple):
        at(settings, tuple(above[:-1]))[above[-1]] = group = [*group]
    group[last] = offer.meant
    return settings, offer.place


def see_that_offers_are_taken(settings: dict[str, Any]) -> None:
    for line in refused(settings):
        offer = offer_in(line)
        if offer is None:
            continue
        mended, place = taken(settings, offer)
        start = str(place[0]) + "".join(f"[{part!r}]" for part in place[1:])
        again = [other for other in refused(mended) if other.startswith((f"{start}:", f"{start}["))]
        again = [
            other for other in again if ": add " not in other
        ]  # it is right, and wants something beside it
        is_a_key = offer.shown == "unknown key" or offer.shown.startswith("{")
        if is_a_key:  # what stands there may be wrong, too
            assert not any("unknown key" in other for other in again if other.startswith(f"{start}:")), line
        elif place == offer.place:
            assert again == [], f"what it offers is refused: {line}"
        else:
            assert not any(f": {offer.meant!r}: " in other for other in refused(mended)), line


@pytest.mark.parametrize("change", [wrong.change for wrong in table()])
def test_what_is_offered_for_a_wrong_setting_is_taken(change: str) -> None:
    see_that_offers_are_taken(changed(change))


PIECES = (
    *("shop", "nothing", "www", "example.com", "https://", "http://", "/", "//", ":", "@", "*.", ".", ","),
    *(" ", "5", "512", "-1", "1.5", "k", "MB", "m", "months", "years", "&&", "|", "'", "$X", "{id}", "=="),
    *("yes", "no", "True", "all", "3.12", "* * * * *", "@daily", "every", "minutes", "_", "é", "~", "%"),
)
SAID = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
VALUES = st.one_of(
    SAID,
    st.lists(SAID, max_size=3),
    st.dictionaries(SAID, SAID, max_size=2),
    st.integers(),
    st.floats(),
    st.booleans(),
)


@given(st.sampled_from(EVERY), VALUES)
def test_what_is_offered_for_anything_is_taken(where: tuple[Any, str, Any], value: object) -> None:
    see_that_offers_are_taken(put((*where[0], where[1]), value))

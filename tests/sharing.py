"""Which tests share what they boot, so that a worker has all of those and others run beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.fixtures import FixtureDef

Shared = tuple[str, ...]
"""A fixture that outlives a test: where it is defined, its name, and of what parameters it is made."""


def groups(items: Iterable[pytest.Item]) -> Iterator[tuple[pytest.Item, str]]:
    """Give each test a group; two tests that share a server, be it by way of a third one, have the same."""
    leaders: dict[Shared, Shared] = {}

    def leader(of: Shared) -> Shared:
        while of != (above := leaders.setdefault(of, of)):
            of = above
        return of

    found = [(item, [*_shared(item)] or [(item.nodeid,)]) for item in items]
    for _, shared in found:
        first, *others = shared
        for other in others:
            leaders[leader(other)] = leader(first)
    for item, shared in found:
        yield item, " ".join(leader(shared[0]))


def _shared(item: pytest.Item) -> Iterator[Shared]:
    """List what a test shares with others: all that has to do with servers and outlives the test."""
    if not isinstance(item, pytest.Function):
        return
    fixtures = item._fixtureinfo.name2fixturedefs
    callspec = getattr(item, "callspec", None)
    params: Mapping[str, object] = callspec.params if callspec else {}
    for name, (*_, fixture) in fixtures.items():
        module = fixture.scope == "module"
        boots = name != "lab" and "lab" in _needs(fixture, fixtures)
        if fixture.scope != "function" and (module or boots):
            place = item.nodeid.partition("::")[0] if module else fixture.baseid
            made_of = sorted({name, *_needs(fixture, fixtures)} & params.keys())
            yield (place, name, *(repr(params[each]) for each in made_of))


def _needs(fixture: "FixtureDef[object]", fixtures: "Mapping[str, Sequence[FixtureDef[object]]]") -> set[str]:
    found: set[str] = set()
    left = list(fixture.argnames)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [needed for each in fixtures.get(name, ()) for needed in each.argnames]
    return found

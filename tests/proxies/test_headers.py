"""The table of what clients may not say to apps."""

import re
from fnmatch import fnmatchcase

import pytest

from deploys.onhost.headers import FAMILIES, FORGED, TOLD
from tests.conformance.tables.forwarded import OWN


@pytest.mark.parametrize("name", FORGED)
def test_each_is_a_name_that_gets_to_apps_otherwise(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", name)
    assert name not in TOLD


def test_none_is_there_twice() -> None:
    names = sorted(name.lower() for name in FORGED)
    assert names == sorted(set(names))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_read_alike_by_all(family: str) -> None:
    """Caddy and Python take `*` at an end for anything, and nothing else for more than it is."""
    assert re.fullmatch(r"(\*-)?[A-Za-z0-9]+(-[A-Za-z0-9]+)*-?\*?", family)
    assert "*" in family


@pytest.mark.parametrize("name", OWN)
def test_what_clients_scripts_say_is_of_no_family(name: str) -> None:
    assert not [family for family in FAMILIES if fnmatchcase(name.lower(), family.lower())]

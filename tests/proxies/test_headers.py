"""The table of what clients may not say to apps."""

import re

import pytest

from deploys.onhost.headers import FORGED, TOLD


@pytest.mark.parametrize("name", FORGED)
def test_each_is_a_name_that_gets_to_apps_otherwise(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", name)
    assert name not in TOLD


def test_none_is_there_twice() -> None:
    names = sorted(name.lower() for name in FORGED)
    assert names == sorted(set(names))

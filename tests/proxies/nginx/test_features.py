"""Which nginx a machine has."""

from dataclasses import replace

import pytest

from deploys.base import machine
from deploys.proxies.nginx import features
from deploys.proxies.nginx.features import version
from tests.proxies.nginx.typical import MACHINES


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_that_cannot_say_yet_will_have_its_releases_own(name: str) -> None:
    one = MACHINES[name]
    assert version(replace(one, proxies={})) == version(one)


def test_a_machine_that_can_say_has_what_it_says() -> None:
    assert version(replace(MACHINES["debian-12"], proxies={"nginx": (1, 28, 0)})) == (1, 28, 0)


def test_each_release_that_gatehouse_knows_has_one() -> None:
    assert features._USUAL.keys() == machine._SUPPORTED.keys()

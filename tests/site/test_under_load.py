"""No request is lost and none is slow, while the app is deployed, and its proxy reloaded, under load."""

import time

import pytest

from tests.bench import releases
from tests.house import House
from tests.outside.load import Load, Tally

pytestmark = pytest.mark.lab

RATE = 50


def assert_nothing_lost(tally: Tally, rest: Tally) -> None:
    assert tally.failures == [], str(tally)
    assert tally.done["GET"] > 100
    assert tally.done["POST"] > 100
    assert tally.done["WebSocket"] > 0
    assert tally.slowest < rest.slowest + 1.0, f"{tally}; at rest {rest}"


def test_deploys_and_a_rollback(house: House) -> None:
    with Load(house.outside, RATE).running() as load:
        time.sleep(5)
        rest = load.so_far()
        releases.deploys(house, 1)
        deployed = load.so_far()
        releases.roll_back(house, 1)
        rolled_back = load.so_far()
    assert_nothing_lost(rest, rest)
    assert_nothing_lost(deployed, rest)
    assert len(deployed.processes) == 2
    assert_nothing_lost(rolled_back, rest)
    house.deploy().check()


@pytest.mark.parametrize("debian", ["13", pytest.param("12", marks=pytest.mark.slow)])
def test_reloads_and_a_renewed_certificate(houses: dict[str, House], debian: str) -> None:
    house = houses[debian]
    with Load(house.outside, RATE).running() as load:
        time.sleep(5)
        rest = load.so_far()
        releases.reload(house, 3)
        reloaded = load.so_far()
        releases.renew(house, 1)
        renewed = load.so_far()
    assert_nothing_lost(rest, rest)
    assert_nothing_lost(reloaded, rest)
    assert_nothing_lost(renewed, rest)

"""No request is lost and none is slow, while the app is deployed, and its proxy reloaded, under load."""

import time

import pytest

from tests.apps.conftest import Front
from tests.bench import releases
from tests.outside.load import Load, Tally

pytestmark = pytest.mark.lab

RATE = 50


def assert_nothing_lost(tally: Tally, rest: Tally) -> None:
    assert tally.failures == [], str(tally)
    assert tally.done["GET"] > 100
    assert tally.done["POST"] > 100
    assert tally.done["WebSocket"] > 0
    assert tally.slowest < rest.slowest + 1.0, f"{tally}; at rest {rest}"


def test_deploys_and_a_rollback(front: Front) -> None:
    house, app = front.house, "uvicorn"
    with Load(house.outside, RATE, path=f"/{app}/v1").running() as load:
        time.sleep(5)
        rest = load.so_far()
        releases.deploys(house, 1, app)
        deployed = load.so_far()
        releases.roll_back(house, 1, app)
        rolled_back = load.so_far()
    assert_nothing_lost(rest, rest)
    assert_nothing_lost(deployed, rest)
    assert len(deployed.processes) == 2
    assert_nothing_lost(rolled_back, rest)
    house.deploy().check()


def test_reloads_and_a_renewed_certificate(front: Front) -> None:
    house = front.house
    with Load(house.outside, RATE, path="/uvicorn/v1").running() as load:
        time.sleep(5)
        rest = load.so_far()
        releases.reload(house, 3)
        reloaded = load.so_far()
        releases.renew(house, 1)
        renewed = load.so_far()
    assert_nothing_lost(rest, rest)
    assert_nothing_lost(reloaded, rest)
    assert_nothing_lost(renewed, rest)

"""No request is lost and none is slow while a release takes over and goes back, whichever server runs it."""

import pytest

from tests.apps.conftest import Front
from tests.outside.load import Load
from tests.outside.nothing_lost import assert_releases_lose_nothing

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50


def test_deploys_and_a_rollback(front: Front) -> None:
    house = front.house
    for app in front.apps:
        load = Load(house.outside, RATE, 0 if app in front.wsgi else 4, path=f"/{app}/v1")
        assert_releases_lose_nothing(load, house, 2, app)
    house.deploy().check()

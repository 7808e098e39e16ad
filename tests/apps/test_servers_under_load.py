"""No request is lost and none is slow while a release takes over and goes back, whichever server runs it."""

import pytest

from tests.apps.conftest import Front
from tests.bench import releases
from tests.outside.load import Load
from tests.site.test_under_load import assert_nothing_lost

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50


def test_deploys_and_a_rollback(front: Front) -> None:
    house = front.house
    for app in front.apps:
        sockets = 0 if app in front.wsgi else 4
        with Load(house.outside, RATE, sockets, path=f"/{app}/v1").running() as load:
            rest = load.enough()
            releases.deploys(house, 2, app)
            deployed = load.enough()
            releases.roll_back(house, 1, app)
            rolled_back = load.enough()
        for tally in (rest, deployed, rolled_back):
            assert_nothing_lost(tally)
        assert len(deployed.processes) == 3, app
        assert len(rolled_back.processes) == 2, app
    house.deploy().check()

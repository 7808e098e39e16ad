"""Worker processes make way for new ones, and no request is lost, on every server that can."""

from functools import partial

import pytest

from deploys.config.app_servers import RECYCLING
from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.outside.load import Load
from tests.site.test_under_load import assert_nothing_lost

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50
AFTER = 100
WORKERS = 2
ENOUGH = 5 * WORKERS
"""How many processes have answered when each has made way several times."""

ASGI = {"source": "tests/demo", "asgi": "demo.main:app"}
WSGI = {"source": "tests/demo_wsgi", "wsgi": "demo_wsgi:app"}
APPS = {server: ASGI | {"server": server} for server in RECYCLING["asgi"]} | {
    f"wsgi-{server}": WSGI | {"server": server} for server in RECYCLING["wsgi"]
}


@pytest.fixture(scope="module", params=["12", "13"])
def recycled(request: pytest.FixtureRequest, lab: Lab) -> House:
    name = f"recycled-{request.param}"
    common = {"health": {"path": "/health"}, "workers": WORKERS, "recycle_after": AFTER, "drain": 5}
    house = House.on(
        lab,
        lab.up(name, debian=request.param),
        apps={app: settings | common for app, settings in APPS.items()},
        sites={
            f"www.{name}.test": {"routes": {f"/{app}/": {"app": app, "prefix": f"/{app}"} for app in APPS}}
        },
    )
    house.deploy().check()
    assert house.deploy().check().changed == []
    return house


def has_seen(load: Load, processes: int) -> bool:
    return bool(load.tally.failures) or len(load.tally.processes) >= processes


@pytest.mark.parametrize("app", APPS)
def test_no_request_is_lost(recycled: House, app: str) -> None:
    sockets = 0 if app.startswith("wsgi-") else 2
    with Load(recycled.outside, RATE, sockets, path=f"/{app}").running() as load:
        until(
            partial(has_seen, load, ENOUGH), within=120, otherwise=f"{app}: no worker makes way for another"
        )
        tally = load.enough()
    assert_nothing_lost(tally)
    restarts = f"systemctl show --value -p NRestarts 'gatehouse-{app}-*.service'"
    counts = recycled.server.run(restarts).stdout.split()
    assert set(counts) == {"0"}, "expected the server itself to go on running"


def test_an_open_stream_is_sent_to_its_end(recycled: House) -> None:
    """As long as `drain` gives it."""
    for app in APPS:
        with Load(recycled.outside, RATE, 0, path=f"/{app}").running() as load:
            before = len(load.tally.processes)
            events = recycled.outside.get(f"/{app}/events?count=8&interval=0.5").text
            until(partial(has_seen, load, before + WORKERS + 1), within=60, otherwise=f"{app}: none has gone")
        assert events.count("data: ") == 8, app

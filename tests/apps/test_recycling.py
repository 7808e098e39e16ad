"""Worker processes make way for new ones, and no request is lost, on every server that can."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from deploys.apps.unit import GRACEFUL
from deploys.config.app_servers import RECYCLING
from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.outside.load import Load
from tests.outside.nothing_lost import assert_nothing_lost

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50
AFTER = 100
WORKERS = 2
ENOUGH = 5 * WORKERS
"""How many processes have answered when each has made way several times."""
LONG = GRACEFUL + 4
"""Seconds that a stream goes on in a worker that has gone, at least."""
STREAM = LONG + 20
"""How many seconds it is sent for: on a busy machine it takes some until it is its worker's turn."""

ASGI = {"source": "tests/demo", "asgi": "demo.main:app"}
WSGI = {"source": "tests/demo_wsgi", "wsgi": "demo_wsgi:app"}
APPS = {server: ASGI | {"server": server} for server in RECYCLING["asgi"]} | {
    f"wsgi-{server}": WSGI | {"server": server} for server in RECYCLING["wsgi"]
}


@pytest.fixture(scope="module", params=["12", "13"])
def recycled(request: pytest.FixtureRequest, lab: Lab) -> House:
    name = f"recycled-{request.param}"
    common = {"health": {"path": "/health"}, "workers": WORKERS, "recycle_after": AFTER, "drain": STREAM}
    house = House.on(
        lab,
        lab.up(name, debian=request.param, furnished=True),
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


@pytest.mark.parametrize("app", APPS)
def test_an_open_stream_is_sent_to_its_end(recycled: House, app: str) -> None:
    """As long as `drain` gives it, which is longer than a server that is stopped waits."""
    with (
        Load(recycled.outside, RATE, 0, path=f"/{app}").running() as load,
        ThreadPoolExecutor() as threads,
        recycled.outside.stream(f"/{app}/events?count={STREAM}&interval=1") as stream,
    ):
        process = int(stream.headers["X-Process"])
        asked = threads.submit(lambda: [line for line in stream.iter_lines() if line.startswith("data: ")])
        until(partial(has_made_way, load, process), within=60, otherwise=f"{app}: its worker stays")
        events = asked.result()
        last = load.so_far()
        until(partial(has_ended, recycled, process), within=30, otherwise=f"{app}: its worker does not end")
    assert_nothing_lost(last)
    assert_nothing_lost(load.tally)
    assert len(events) == STREAM
    assert process not in last.processes, "expected its worker to have gone, but for the stream"


def has_made_way(load: Load, process: int) -> bool:
    """See that a worker has had its turn, which comes by how much it has answered, and not by the time."""
    tally = load.enough()
    assert_nothing_lost(tally)
    return process not in tally.processes


def has_ended(house: House, process: int) -> bool:
    return house.server.run(f"test -e /proc/{process}", check=False).returncode != 0

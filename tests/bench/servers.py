"""What the users of an app notice of its releases, by the server that runs it."""

from collections.abc import Callable
from functools import partial
from typing import get_args

from rich.table import Table

from deploys.config.app_servers import WSGI_SERVERS, ServerName
from tests.bench import MissedError
from tests.bench.releases import DEPLOYS, RATE, deploys, loaded, rest, roll_back, under_load
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load

ASGI = {"source": "tests/demo", "asgi": "demo.main:app", "health": {"path": "/health"}}
WSGI = {"source": "tests/demo_wsgi", "wsgi": "demo_wsgi:app", "health": {"path": "/health"}}


def measure(lab: Lab, debian: str) -> Table:
    """Keep up the load through deploys and a rollback, for each server in turn.

    Raises:
        MissedError: something failed, or took longer than it may.

    """
    apps = {
        **{server: ASGI | {"server": server} for server in get_args(ServerName)},
        **{f"wsgi-{server}": WSGI | {"server": server} for server in WSGI_SERVERS},
    }
    routes = {f"/{app}/": {"app": app, "prefix": f"/{app}"} for app in apps}
    name = f"bench-servers-{debian}"
    house = House.on(
        lab, lab.up(name, debian=debian), apps=apps, sites={f"www.{name}.test": {"routes": routes}}
    )
    house.deploy().check()
    table = loaded(f"Debian {debian}, 4 WebSockets too where there are any", "server")
    missed: list[str] = []
    for app, settings in apps.items():
        sockets = 4 if "asgi" in settings else 0
        with Load(house.outside, RATE, sockets, path=f"/{app}").running() as load:
            missed += under_load(load, table, app, acts(house, app))
    if missed:
        raise MissedError(table, missed)
    return table


def acts(house: House, app: str) -> dict[str, Callable[[], None]]:
    """List what goes on while the load is kept up, by name."""
    return {
        "at rest": rest,
        f"{DEPLOYS} deploys": partial(deploys, house, DEPLOYS, app),
        "2 rollbacks": partial(roll_back, house, 2, app),
    }

"""What the users of an app notice of its releases, by the server that runs it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, get_args

from deploys.config.app_servers import WSGI_SERVERS, ServerName
from tests.bench import under_load
from tests.bench.releases import changed, roll_back, set_up
from tests.bench.report import Report
from tests.bench.running import side_by_side
from tests.bench.setting import Setting
from tests.bench.under_load import Act
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load

TOGETHER = 3
"""How many apps have the load at a time, each all of it, and are released by one run."""
HEALTH = {"path": "/health", "timeout": 120}
"""Longer than anything takes to start but on a machine that has much else to do: no figure is about that."""
ASGI = {"source": "tests/demo", "asgi": "demo.main:app", "health": HEALTH}
WSGI = {"source": "tests/demo_wsgi", "wsgi": "demo_wsgi:app", "health": HEALTH}


def measure(lab: Lab, report: Report, setting: Setting) -> None:
    """Keep up the load through deploys and rollbacks, for some servers after others."""
    under_load.begin(report, "4 WebSockets too where there are any", "server", setting)
    report.tell("setting up")
    apps = {
        **{server: ASGI | {"server": server} for server in get_args(ServerName)},
        **{f"wsgi-{server}": WSGI | {"server": server} for server in WSGI_SERVERS},
    }
    routes = {f"/{app}/": {"app": app, "prefix": f"/{app}"} for app in apps}
    server = lab.up(f"bench-servers-{setting.debian}", debian=setting.debian)
    house = House.on(lab, server, apps=apps, sites={f"www.{server.name}.test": {"routes": routes}})
    names = list(apps)
    groups = [names[first : first + TOGETHER] for first in range(0, len(names), TOGETHER)]
    side_by_side(report, {", ".join(some): partial(_some, house, report, setting, some) for some in groups})


def _some(house: House, report: Report, setting: Setting, apps: Sequence[str]) -> None:
    """Have some of the apps under load, each of them on a path of its own."""
    # What was changed of those before is as it was again, before any load can tell of it.
    set_up(house)
    back = [partial(roll_back, house, 1, app) for _ in range(2) for app in apps]
    acts = under_load.releasing(setting, partial(_release, house, apps), Act("2 rollbacks", back))
    under_load.measure(report, {app: _load(house, setting, app) for app in apps}, acts)


def _load(house: House, setting: Setting, app: str) -> Load:
    sockets = 4 if "asgi" in house.settings["apps"][app] else 0
    return Load(house.outside, setting.rate, sockets, path=f"/{app}")


def _release(house: House, apps: Sequence[str]) -> None:
    """Release some of the apps by one run."""
    given: Mapping[str, Any] = house.settings["apps"]
    house.deploy(apps={**given, **{app: changed(given[app]) for app in apps}}).check()

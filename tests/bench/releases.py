"""What the users of a site notice while it is deployed, rolled back and reconfigured."""

import shlex
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from deploys.proxies.contract import Proxy
from tests.bench import under_load
from tests.bench.report import Report
from tests.bench.running import side_by_side
from tests.bench.setting import Setting
from tests.bench.under_load import Act
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load
from tests.proxies.none.behind import Behind, demo
from tests.proxies.stage import PROXYING, chosen_proxy

AT_ONCE = 2
"""How many proxies are measured at a time, each on a server of its own."""
WITHOUT = "none"
IDLE = 10
"""Seconds for which a load balancer keeps a connection that it does not use; a release waits for that."""


def measure(lab: Lab, report: Report, setting: Setting) -> None:
    """Keep up the load through deploys, rollbacks and reloads, by each proxy and without one."""
    under_load.begin(report, "4 WebSockets too", "proxy", setting)
    jobs = {name: partial(_by_a_proxy, lab, report, setting, name, proxy) for name, proxy in PROXYING.items()}
    side_by_side(report, jobs | {WITHOUT: partial(_without, lab, report, setting)}, AT_ONCE)


def _by_a_proxy(lab: Lab, report: Report, setting: Setting, name: str, proxy: Proxy) -> None:
    report.tell(f"{name}: setting up")
    server = lab.up(f"bench-{name}-{setting.debian}", debian=setting.debian)
    house = House.on(lab, server, **chosen_proxy(lab, name))
    set_up(house)
    acts = under_load.releasing(
        setting,
        partial(deploys, house, 1),
        Act("2 rollbacks", [partial(roll_back, house, 1)] * 2),
        Act("2 renewed certificates", [partial(renew, house, 1)] * 2),
        Act("5 reloads", [partial(reload, house, proxy, 1)] * 5),
    )
    under_load.measure(report, {name: Load(house.outside, setting.rate)}, acts)


def _without(lab: Lab, report: Report, setting: Setting) -> None:
    """Ask as a load balancer does: without a proxy there is nothing to be reloaded, and no certificate."""
    report.tell(f"{WITHOUT}: setting up")
    server = lab.up(f"bench-{WITHOUT}-{setting.debian}", debian=setting.debian)
    app = demo(f"www.{server.name}.test")
    app["public"]["idle_timeout"] = IDLE
    behind = Behind.on(lab, server, {"demo": app})
    set_up(behind.house)
    acts = under_load.releasing(
        setting,
        partial(deploys, behind.house, 1),
        Act("2 rollbacks", [partial(roll_back, behind.house, 1)] * 2),
    )
    under_load.measure(report, {WITHOUT: behind.load(setting.rate)}, acts)


def set_up(house: House) -> None:
    """Have a server as its settings say, whatever was rolled back from by a measurement before."""
    house.deploy("--data", "again=yes").check()


def deploys(house: House, times: int, app: str = "demo") -> None:
    """Deploy an app again and again, each time with another setting."""
    for _ in range(times):
        apps = house.settings["apps"]
        house.deploy(apps={**apps, app: changed(apps[app])}).check()


def changed(app: Mapping[str, Any]) -> dict[str, Any]:
    """Give an app's settings with one of them changed, so that it is released anew and not built."""
    return {**app, "env": {"DEMO_VERSION": str(time.time_ns())}}


def roll_back(house: House, times: int, app: str = "demo") -> None:
    """Go back to the former release, and back from there."""
    for _ in range(times):
        house.deploy("--data", f"app={app}", deploy="deploys/rollback.py").check()


def renew(house: House, times: int) -> None:
    """Have the CA issue the site's certificate again, and the proxy serve it."""
    for _ in range(times):
        house.deploy(deploy="deploys/renew.py").check()


def reload(house: House, proxy: Proxy, times: int) -> None:
    """Have the proxy read its configuration again."""
    for _ in range(times):
        for command in proxy.reload:
            house.server.run(shlex.join(command))
        time.sleep(2)

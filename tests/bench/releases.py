"""What the users of a site notice while it is deployed, rolled back and reconfigured."""

import time
from collections.abc import Callable

from rich.table import Table

from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load, Tally

RATE = 200
DEPLOYS = 20
REST = 20.0
"""Seconds of load with nothing going on, for comparison."""


def measure(lab: Lab, debian: str) -> Table:
    """Keep up the load through deploys, rollbacks and reloads, and count what failed."""
    house = House.on(lab, lab.up(f"bench-{debian}", debian=debian))
    house.deploy().check()
    table = Table(
        title=f"Debian {debian}: {RATE} requests a second, GET and POST in turn, and 4 WebSockets",
        title_justify="left",
    )
    for column in ("meanwhile", "answered", "failed", "slowest"):
        table.add_column(column, justify="left" if column == "meanwhile" else "right")
    with Load(house.outside, RATE).running() as load:
        for name, act in acts(house).items():
            load.so_far()
            act()
            add(table, name, load.so_far())
    return table


def acts(house: House) -> dict[str, Callable[[], None]]:
    """List what goes on while the load is kept up, by name."""
    return {
        "at rest": lambda: time.sleep(REST),
        f"{DEPLOYS} deploys": lambda: deploys(house, DEPLOYS),
        "2 rollbacks": lambda: roll_back(house, 2),
        "2 renewed certificates": lambda: renew(house, 2),
        "5 reloads of nginx": lambda: reload(house, 5),
    }


def deploys(house: House, times: int, app: str = "demo") -> None:
    """Deploy an app again and again, each time with another setting."""
    apps = house.settings["apps"]
    for number in range(times):
        changed = {**apps[app], "env": {"DEMO_VERSION": f"{time.time():.0f}-{number}"}}
        house.deploy(apps={**apps, app: changed}).check()


def roll_back(house: House, times: int, app: str = "demo") -> None:
    """Go back to the former release, and back from there."""
    for _ in range(times):
        house.deploy("--data", f"of={app}", deploy="deploys/rollback.py").check()


def renew(house: House, times: int) -> None:
    """Have the CA issue the site's certificate again, and nginx serve it."""
    for _ in range(times):
        house.deploy(deploy="deploys/renew.py").check()


def reload(house: House, times: int) -> None:
    """Have nginx read its configuration again."""
    for _ in range(times):
        house.server.run("systemctl reload nginx")
        time.sleep(2)


def add(table: Table, name: str, tally: Tally) -> None:
    """Add a row, and say what failed where anything did."""
    for failure in sorted(set(tally.failures)):
        print(f"{name}: {tally.failures.count(failure)} times {failure}")
    table.add_row(
        name, str(sum(tally.done.values())), str(len(tally.failures)), f"{tally.slowest * 1000:.0f} ms"
    )

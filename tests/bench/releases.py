"""What the users of a site notice while it is deployed, rolled back and reconfigured."""

import time
from collections.abc import Callable, Iterator, Mapping

from rich.table import Table

from tests.bench import MissedError
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load, Tally

RATE = 200
DEPLOYS = 20
SLOWER = 1.0
"""Seconds by which an answer may be later than the slowest one at rest."""
REST = 20.0
"""Seconds of load with nothing going on, for comparison."""


def measure(lab: Lab, debian: str) -> Table:
    """Keep up the load through deploys, rollbacks and reloads, and count what failed.

    Raises:
        MissedError: something failed, or took longer than it may.

    """
    house = House.on(lab, lab.up(f"bench-{debian}", debian=debian))
    house.deploy().check()
    table = Table(
        title=f"Debian {debian}: {RATE} requests a second, GET and POST in turn, and 4 WebSockets",
        title_justify="left",
    )
    for column in ("meanwhile", "answered", "failed", "slowest"):
        table.add_column(column, justify="left" if column == "meanwhile" else "right")
    tallies: dict[str, Tally] = {}
    with Load(house.outside, RATE).running() as load:
        for name, act in acts(house).items():
            load.so_far()
            act()
            tallies[name] = load.so_far()
            add(table, name, tallies[name])
    if missed := list(shortfalls(tallies)):
        raise MissedError(table, missed)
    return table


def shortfalls(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """Say which acts made requests fail, or any much slower than the first, at rest."""
    rest = next(iter(tallies.values()))
    for name, tally in tallies.items():
        if not tally.done:
            yield f"{name}: nothing was answered"
        if tally.failures:
            yield f"{name}: {len(tally.failures)} failed"
        if tally.slowest > rest.slowest + SLOWER:
            yield f"{name}: the slowest took {tally.slowest:.1f} s, at rest {rest.slowest:.1f} s"


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
        house.deploy("--data", f"app={app}", deploy="deploys/rollback.py").check()


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

"""What the users of a site notice while it is deployed, rolled back and reconfigured."""

import shlex
import time
from collections.abc import Callable, Iterator, Mapping

from rich.table import Table

from deploys.proxies.contract import Proxy
from tests.bench import MissedError
from tests.house import House
from tests.lab import Lab
from tests.outside.load import Load, Tally
from tests.proxies.stage import PROXYING, chosen_proxy

RATE = 200
DEPLOYS = 20
SLOWER = 1.0
"""Seconds by which an answer may be later than the slowest one at rest."""
REST = 20.0
"""Seconds of load with nothing going on, for comparison."""


def measure(lab: Lab, debian: str) -> Table:
    """Keep up the load through deploys, rollbacks and reloads, by each proxy in turn, and count what failed.

    Raises:
        MissedError: something failed, or took longer than it may.

    """
    server = lab.up(f"bench-{debian}", debian=debian)
    table = loaded(f"Debian {debian}, 4 WebSockets too", "proxy")
    missed: list[str] = []
    for name, proxy in PROXYING.items():
        house = House.on(lab, server, **chosen_proxy(lab, name))
        house.deploy().check()
        with Load(house.outside, RATE).running() as load:
            missed += under_load(load, table, name, acts(house, proxy))
    if missed:
        raise MissedError(table, missed)
    return table


def loaded(what: str, by: str) -> Table:
    """Give a table for what becomes of the load."""
    table = Table(title=f"{what}: {RATE} requests a second, GET and POST in turn", title_justify="left")
    for column in (by, "meanwhile"):
        table.add_column(column)
    for column in ("answered", "failed", "slowest"):
        table.add_column(column, justify="right")
    return table


def under_load(load: Load, table: Table, by: str, acts: Mapping[str, Callable[[], None]]) -> list[str]:
    """Act after act, add a row with what became of the load meanwhile; give what is not as promised."""
    tallies: dict[str, Tally] = {}
    for name, act in acts.items():
        load.so_far()
        act()
        tallies[name] = load.so_far()
        add(table, by, name, tallies[name])
    return [f"{by}, {missed}" for missed in shortfalls(tallies)]


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


def acts(house: House, proxy: Proxy) -> dict[str, Callable[[], None]]:
    """List what goes on while the load is kept up, by name."""
    return {
        "at rest": rest,
        f"{DEPLOYS} deploys": lambda: deploys(house, DEPLOYS),
        "2 rollbacks": lambda: roll_back(house, 2),
        "2 renewed certificates": lambda: renew(house, 2),
        "5 reloads": lambda: reload(house, proxy, 5),
    }


def rest() -> None:
    """Do nothing, for comparison."""
    time.sleep(REST)


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
    """Have the CA issue the site's certificate again, and the proxy serve it."""
    for _ in range(times):
        house.deploy(deploy="deploys/renew.py").check()


def reload(house: House, proxy: Proxy, times: int) -> None:
    """Have the proxy read its configuration again."""
    for _ in range(times):
        for command in proxy.reload:
            house.server.run(shlex.join(command))
        time.sleep(2)


def add(table: Table, by: str, name: str, tally: Tally) -> None:
    """Add a row, and say what failed where anything did."""
    for failure in sorted(set(tally.failures)):
        print(f"{by}, {name}: {tally.failures.count(failure)} times {failure}")
    table.add_row(
        by, name, str(sum(tally.done.values())), str(len(tally.failures)), f"{tally.slowest * 1000:.0f} ms"
    )

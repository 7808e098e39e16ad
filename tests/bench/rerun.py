"""What a rerun without changes costs, from near and from far."""

import statistics
import time

from rich.table import Table

from tests.bench.relay import relay
from tests.house import House
from tests.lab import Lab
from tests.site.commands import Commands

ROUND_TRIPS = (0.0, 0.05, 0.15)
TIMES = 3


def measure(lab: Lab, debian: str) -> Table:
    """Provision a server once, then rerun over connections of several round-trip times."""
    house = House.on(lab, lab.up(f"bench-{debian}", debian=debian))
    house.deploy().check()
    commands = Commands(house)
    table = Table(title=f"A rerun without changes (median of {TIMES})", title_justify="left")
    for column in ("round trip", "commands sent", "whole run"):
        table.add_column(column, justify="right")
    for round_trip in ROUND_TRIPS:
        seconds, sent = [], 0
        for _ in range(TIMES):
            with relay(str(house.server.address), 22, round_trip) as port:
                since, start = commands.cursor(), time.monotonic()
                run = house.deploy(
                    ssh_hostname="127.0.0.1", ssh_port=port, ssh_known_hosts_file="/dev/null"
                ).check()
                seconds.append(time.monotonic() - start)
                sent = len(commands.since(since))
            assert run.changed == [], run.output
        table.add_row(f"{round_trip * 1000:.0f} ms", str(sent), f"{statistics.median(seconds):.1f} s")
    return table

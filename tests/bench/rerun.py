"""What a rerun without changes costs, from near and from far, next to what no run can do without."""

import statistics
import time
from collections.abc import Mapping
from typing import Any

from tests.bench import targets
from tests.bench.relay import relay
from tests.bench.report import Report
from tests.bench.setting import Setting
from tests.house import House
from tests.lab import Lab
from tests.site.commands import Commands

ROUND_TRIPS = (0.0, 0.05, 0.15)
SITE = "deploys/site.py"
ALONE = ("tests/one_command.py", "--config", "none-of-ours.py")
"""pyinfra as it is: what we do about its own start is no part of what nobody can avoid."""


def measure(lab: Lab, report: Report, setting: Setting) -> None:
    """Provision a server once, then rerun over connections of several round-trip times."""
    report.begin(
        f"A rerun without changes (median of {setting.rounds})",
        ("round trip",),
        ("commands sent", "whole run", "one command alone", "times"),
    )
    report.tell("setting up")
    house = House.on(lab, lab.up(f"bench-{setting.debian}", debian=setting.debian))
    house.deploy().check()
    commands = Commands(house)
    for round_trip in ROUND_TRIPS:
        with relay(str(house.server.address), 22, round_trip) as port:
            far: dict[str, Any] = {
                "ssh_hostname": "127.0.0.1",
                "ssh_port": port,
                "ssh_known_hosts_file": "/dev/null",
            }
            since = commands.cursor()
            assert house.deploy(**far).check().changed == []
            sent = len(commands.since(since))
            # In turn, as the machine's other work is not the same all the time.
            pairs = [(timed(house, far, SITE), timed(house, far, *ALONE)) for _ in range(setting.rounds)]
        whole, alone = (statistics.median(column) for column in zip(*pairs, strict=True))
        report.add(
            f"{round_trip * 1000:.0f} ms",
            str(sent),
            f"{whole:.1f} s",
            f"{alone:.1f} s",
            f"{whole / alone:.2f}",
            missed=list(targets.of_rerun(sent, whole / alone)),
        )


def timed(house: House, far: Mapping[str, Any], deploy: str, *flags: str) -> float:
    """Run a deploy, and give how many seconds it took."""
    start = time.monotonic()
    house.deploy(*flags, deploy=deploy, **far).check()
    return time.monotonic() - start

"""What two apps need on a server with 1 GB, at rest and while one of them is released."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench import targets
from tests.bench.report import Report
from tests.bench.setting import Setting
from tests.house import House
from tests.lab import Lab, limits
from tests.lab.memory import Memory
from tests.outside.load import Load

MOST = 10**9
RATE = 50
"""Requests per second to each of the apps."""
WORKERS = 2
SETTLED = 20.0
"""Seconds of load before anything is measured."""
_OFTEN = 0.05


@dataclass
class Peak:
    """The most that was taken while something went on."""

    bytes: int = 0


def measure(lab: Lab, report: Report, setting: Setting) -> None:
    """Put two apps on a server that has no more than 1 GB, and release one of them under load."""
    # Where the host has the old hierarchy, no later systemd can boot on it.
    debian = "12" if limits.is_old() else setting.debian
    report.begin(
        f"Debian {debian}, held to 1 GB: two FastAPI apps on uvicorn, {WORKERS} workers and "
        f"{RATE} requests a second each",
        ("what",),
        ("memory",),
    )
    report.tell("setting up")
    server = lab.up(f"bench-memory-{debian}", debian=debian, limits=True)
    memory = Memory.of(server)
    memory.hold(MOST)
    _add(report, "the system before gatehouse", memory.bytes_of())
    house = House.on(lab, server, **_settings(server.name))
    with _peak(memory) as provisioned:
        house.deploy().check()
    loads = [Load(replace(house.outside, domain=name), RATE) for name in house.settings["sites"]]
    with ExitStack() as running:
        for load in loads:
            running.enter_context(load.running())
        time.sleep(SETTLED)
        for unit, count in _by_unit(memory).items():
            _add(report, unit, count)
        _add(report, "all of it under load", memory.bytes_of())
        _add(report, "at most while it was set up", provisioned.bytes)
        with _peak(memory) as released:
            _release(house)
    failures = [failure for load in loads for failure in load.tally.failures]
    killed = memory.killed()
    for failure in sorted(set(failures)):
        report.tell(failure)
    _add(report, "at most while one app was built and released", released.bytes)
    report.add("requests that failed", str(len(failures)), missed=targets.none(len(failures)))
    report.add("processes killed for want of memory", str(killed), missed=targets.none(killed))


def _add(report: Report, what: str, count: int) -> None:
    report.add(what, f"{count / 10**6:.0f} MB", missed=None)


def _settings(name: str) -> dict[str, Any]:
    app = {"source": "tests/demo", "asgi": "demo.main:app", "health": {"path": "/health"}, "workers": WORKERS}
    return {
        "apps": {"shop": app, "cafe": app},
        "sites": {f"{app}.{name}.test": {"routes": {"/": {"app": app}}} for app in ("shop", "cafe")},
    }


def _by_unit(memory: Memory) -> dict[str, int]:
    """Count what gatehouse's own units have taken."""
    return {
        "nginx": memory.bytes_of("nginx.service"),
        "shop": memory.bytes_of("gatehouse-shop-[ab].service"),
        "cafe": memory.bytes_of("gatehouse-cafe-[ab].service"),
    }


def _release(house: House) -> None:
    """Release one of the apps with another source, so that it is built."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "demo"
        shutil.copytree("tests/demo", changed)
        (changed / "demo" / "more.py").write_text("MORE = True\n")
        apps = house.settings["apps"]
        house.deploy(apps={**apps, "shop": {**apps["shop"], "source": str(changed)}}).check()


@contextmanager
def _peak(memory: Memory) -> Iterator[Peak]:
    """Look often what is taken, for as long as the context lasts."""
    found, is_over = Peak(), threading.Event()

    def look() -> None:
        while not is_over.wait(_OFTEN):
            found.bytes = max(found.bytes, memory.bytes_of())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        is_over.set()
        thread.join()

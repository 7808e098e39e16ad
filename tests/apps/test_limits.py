"""Apps that take more than their share: they are held to it, and the neighbour does not notice."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.apps.workshop import ASK, Workshop
from tests.lab import Lab, Server
from tests.lab.waiting import until
from tests.provision import pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

GREEDY = """
import resource, time
taken = []
modest = app

def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass

def fork(most, then):
    while len(taken) < most:
        if not os.fork():
            then()
            os._exit(0)
        taken.append(None)

def take(path):
    if path == "/memory":
        taken.append(b"x" * 400_000_000)
    if path == "/time":
        spin(1)
    if path == "/processes":
        fork(100_000, lambda: time.sleep(600))
    if path == "/all-processors":
        fork(100, lambda: spin(600))
    if path == "/files":
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        while True:
            taken.append(open("/dev/null"))

async def app(scope, receive, send):
    global WORDS
    try:
        take(scope.get("path"))
    except OSError as error:
        WORDS = type(error).__name__
    await modest(scope, receive, send)
"""

ENDED = 5
"""Files that it may have closed since: connections that have ended."""

# The first is where cgroup v1 has it.
_THROTTLED = "cat /sys/fs/cgroup/cpu/system.slice/%s/cpu.stat || cat /sys/fs/cgroup/system.slice/%s/cpu.stat"
_PROCESSES = "cat /sys/fs/cgroup/systemd/{0} || cat /sys/fs/cgroup/{0}"


@dataclass(frozen=True)
class Street:
    """An app that is greedy within narrow limits, one that has none of its own, and one that is neither."""

    server: Server
    narrow: Workshop
    wide: Workshop
    modest: Workshop

    def asks(self, app: Workshop, path: str) -> bool:
        """Have an app take something, and say whether it answers."""
        port = app.port + (app.live() == "b")
        return self.server.run(ASK % (port, path), check=False).returncode == 0

    def has_used(self, app: Workshop) -> int:
        """Give the ticks of processors' time that an app's processes have had."""
        processes = _PROCESSES.format(f"system.slice/{app.unit()}/cgroup.procs")
        stats = f"({processes}) | sed 's,.*,/proc/&/stat,' | xargs cat"
        rows = [line.rpartition(")")[2].split() for line in self.server.run(stats).stdout.splitlines()]
        return sum(int(row[11]) + int(row[12]) for row in rows)

    def restarts(self, app: Workshop) -> int:
        """Count how often systemd has started it again by itself."""
        return int(self.server.run(f"systemctl show --value -p NRestarts {app.unit()}").stdout)

    def comes_back(self, app: Workshop) -> None:
        self.server.run(f"systemctl restart {app.unit()}")
        until(lambda: self.asks(app, "/"), within=60, otherwise=f"{app.name} does not come back")


@pytest.fixture(scope="module")
def street(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    server = lab.up("limits", debian="12", furnished=True, limits=True)
    narrow, wide, modest = (
        Workshop(lab, server, tmp_path_factory.mktemp(name), name, port)
        for name, port in (("narrow", 10100), ("wide", 10200), ("modest", 10300))
    )
    data = narrow.host_data(limits={"memory": "128m", "cpus": 0.2, "tasks": 64})
    for app in (narrow, wide, modest):
        app.says(app.name, GREEDY)
        data["apps"] = app.host_data()["apps"] | data["apps"]
        data["sites"] |= app.host_data()["sites"]
    pyinfra({server.name: data}, deploy="tests/apps/apps_alone.py").check()
    street = Street(server, narrow, wide, modest)
    beside = modest.answer()["pid"]
    yield street
    assert modest.answer()["pid"] == beside, "the neighbour's process was to live on"
    lab.down(server.name)


def test_for_too_much_memory_it_is_ended_and_comes_back(street: Street) -> None:
    unit = street.narrow.unit()
    before, restarts = street.narrow.answer()["pid"], street.restarts(street.narrow)
    assert not street.asks(street.narrow, "/memory")
    until(lambda: street.asks(street.narrow, "/"), within=30, otherwise="it does not come back")
    assert street.narrow.answer()["pid"] != before
    assert street.restarts(street.narrow) == restarts + 1
    assert "status=9/KILL" in street.server.run(f"journalctl --sync; journalctl -u {unit} -o cat").stdout


def test_above_its_share_of_processors_it_waits(street: Street) -> None:
    def throttled() -> int:
        unit = street.narrow.unit()
        said = street.server.run(_THROTTLED % (unit, unit)).stdout
        return int(dict(line.split() for line in said.splitlines())["nr_throttled"])

    often = throttled()
    assert street.asks(street.narrow, "/time")
    assert throttled() >= often + 5


def test_with_many_processes_at_work_it_counts_as_one(street: Street) -> None:
    """While the neighbour gets its second, a hundred processes get little more, and not a hundred."""
    assert street.asks(street.wide, "/all-processors")
    greedy, modest = street.has_used(street.wide), street.has_used(street.modest)
    assert street.asks(street.modest, "/time")
    more, its = street.has_used(street.wide) - greedy, street.has_used(street.modest) - modest
    street.comes_back(street.wide)
    assert its > 0
    assert more < 10 * its


def test_a_fork_bomb_ends_at_its_limit(street: Street) -> None:
    assert street.asks(street.narrow, "/processes")
    assert street.narrow.answer()["words"] == "BlockingIOError"
    tasks = f"systemctl show --value --property=TasksCurrent {street.narrow.unit()}"
    assert int(street.server.run(tasks).stdout) == 64
    assert street.asks(street.modest, "/")
    street.comes_back(street.narrow)


def test_with_all_the_files_that_it_may_open_nobody_else_lacks_any(street: Street) -> None:
    process = f"/proc/{street.wide.answer()['pid']}"
    most = street.server.run(f"awk '/^Max open files/ {{ print $5 }}' {process}/limits").stdout
    assert street.asks(street.wide, "/files")
    assert int(street.server.run(f"ls {process}/fd | wc -l").stdout) >= int(most) - ENDED
    assert street.asks(street.modest, "/")
    street.comes_back(street.wide)

"""An app that takes more than it may: it waits for processors, and is ended and comes back for memory."""

import pytest

from tests.apps.workshop import ASK, Workshop
from tests.lab import Lab, Server
from tests.lab.waiting import until
from tests.provision import pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

GREEDY = """
taken = []
modest = app
async def app(scope, receive, send):
    if scope.get("path") == "/take":
        taken.append(b"x" * 400_000_000)
    if scope.get("path") == "/spin":
        import time
        end = time.process_time() + 1
        while time.process_time() < end:
            pass
    await modest(scope, receive, send)
"""


# The first is where cgroup v1 has it.
THROTTLED = "cat /sys/fs/cgroup/cpu/system.slice/%s/cpu.stat || cat /sys/fs/cgroup/system.slice/%s/cpu.stat"


def throttled(server: Server, unit: str) -> int:
    """Tell how often the kernel has had a unit wait, since it had used up its share of a period."""
    rows = dict(line.split() for line in server.run(THROTTLED % (unit, unit)).stdout.splitlines())
    return int(rows["nr_throttled"])


def test_an_app_over_its_limit_is_ended_and_comes_back(
    lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> None:
    server = lab.up("limits", debian="12", limits=True)
    greedy = Workshop(lab, server, tmp_path_factory.mktemp("greedy"), "greedy", 10100)
    modest = Workshop(lab, server, tmp_path_factory.mktemp("modest"), "modest", 10200)
    greedy.says("greedy", GREEDY)
    data = greedy.host_data(limits={"memory": "128m", "cpus": 0.5})
    data["apps"] |= modest.host_data()["apps"]
    data["sites"] |= modest.host_data()["sites"]
    pyinfra({server.name: data}, deploy="tests/apps/apps_alone.py").check()
    unit = greedy.unit()
    before, beside = greedy.answer()["pid"], modest.answer()["pid"]

    often = throttled(server, unit)
    server.run(ASK % (greedy.port, "/spin"))
    assert throttled(server, unit) >= often + 5

    assert server.run(ASK % (greedy.port, "/take"), check=False).returncode != 0

    restarts = f"systemctl show --value -p NRestarts {unit}"
    until(
        lambda: server.run(ASK % (greedy.port, "/"), check=False).returncode == 0,
        within=30,
        otherwise="it does not come back",
    )
    assert server.run(restarts).stdout == "1\n"
    assert greedy.answer()["pid"] != before
    assert modest.answer()["pid"] == beside
    assert "status=9/KILL" in server.run(f"journalctl --sync; journalctl -u {unit} -o cat").stdout

"""What `deploys/status.py` shows of a host, each column beside what the host and the wire say themselves."""

import getpass
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deploys.apps.status import span
from tests.house import House
from tests.lab.waiting import until
from tests.provision import pyinfra

pytestmark = pytest.mark.lab


def rows(output: str, first: str) -> dict[str, dict[str, str]]:
    """Read the table whose first column has that head: cells by column, by what is in the first one."""
    lines = output.splitlines()
    lines = [line.removeprefix("  ") for line in lines]
    start = next(number for number, line in enumerate(lines) if line.split("  ")[0] == first)
    heads = [(found.start(), found[0]) for found in re.finditer(r"\S+(?: \S+)*", lines[start])]
    ends = [*(begin for begin, _ in heads[1:]), None]
    found = {}
    for line in lines[start + 1 :]:
        if not line.strip():
            break
        cells = {name: line[begin:end].strip() for (begin, name), end in zip(heads, ends, strict=True)}
        found[cells[first]] = cells
    return found


def said(house: House, command: str) -> str:
    return house.server.run(command).stdout.strip()


@pytest.fixture
def service(house: House) -> Iterator[str]:
    """The demo app's unit, which is killed once, and comes back."""
    live = (
        "b"
        if house.server.run("test -e /var/lib/gatehouse/live/demo-b", check=False).returncode == 0
        else "a"
    )
    unit = f"gatehouse-demo-{live}.service"
    house.server.run(f"systemctl reset-failed {unit}; systemctl kill -s KILL {unit}")
    until(
        lambda: (
            house.outside.get("/health").status_code == 200
            and said(house, f"systemctl show --value -p NRestarts {unit}") == "1"
        ),
        within=30,
        otherwise="the app does not come back",
    )
    yield unit
    house.server.run(f"systemctl reset-failed {unit}")


def is_of(commit: str) -> bool:
    """Say whether git has the demo app as it is at that commit; or, for one with a +, no commit has it so."""
    git = ["git", "-C", "tests/demo"]
    # Since a deploy, there may be commits that have left the app alone.
    is_changed = subprocess.call([*git, "diff", "--quiet", commit.removesuffix("+"), "--", "."]) != 0
    is_new = bool(subprocess.check_output([*git, "ls-files", "--others", "--exclude-standard", "--", "."]))
    return (is_changed or is_new) == commit.endswith("+")


def test_every_column_is_true(house: House, service: str) -> None:
    number = said(house, "basename $(readlink /srv/demo/current)")
    release = json.loads(said(house, f"cat /srv/demo/releases/{number}/release.json"))
    deployed = json.loads(said(house, "tail -n 1 /var/lib/gatehouse/history/demo"))

    before = int(said(house, "date +%s"))
    run = house.deploy(deploy="deploys/status.py").check()
    moments = range(before, int(said(house, "date +%s")) + 1)

    assert house.server.name in run.output.splitlines()
    app = rows(run.output, "app")["demo"]
    memory, commit = app.pop("memory"), app.pop("commit")
    assert re.fullmatch(r"[0-9a-f]{12}\+?", commit)
    assert is_of(commit), f"expected the commit that the app was deployed from, not {commit}"
    assert app.pop("age") in {span(now - release["created"]) for now in moments}
    assert app.pop("last deploy") in {
        f"{span(now - deployed['at'])} ago by {getpass.getuser()}@{socket.gethostname()}" for now in moments
    }
    assert app == {
        "app": "demo",
        "release": number,
        "slot": service.removesuffix(".service")[-1],
        "state": "active",
        "restarts": "1",
    }
    resident = sum(
        int(said(house, f"awk '$1 == \"VmRSS:\" {{ print $2 }}' /proc/{process}/status"))
        for process in said(house, f"cat /sys/fs/cgroup/system.slice/{service}/cgroup.procs").split()
    )
    assert re.fullmatch(r"\d+ MB", memory)
    assert int(memory.split()[0]) == pytest.approx(resident * 1024 / 1e6, rel=0.3)

    site = rows(run.output, "site")[f"https://{house.domain}/"]
    ends = datetime.strptime(house.outside.certificate()["notAfter"], "%b %d %H:%M:%S %Y %Z")
    left = int(ends.replace(tzinfo=UTC).timestamp())
    days, _, notes = site["certificate"].partition("  ")  # the column of notes has no head
    assert days in {f"{(left - now) // 86400} days left" for now in moments}
    assert notes.strip() == "not in DNS", "expected to read that only the lab's resolver knows the name"
    assert site["answers"].startswith(str(house.outside.get("/").status_code))
    assert "✓ nothing is wrong" in run.output


OUTAGES = {
    "the proxy is down": (
        "systemctl stop nginx",
        "systemctl start nginx",
        "nginx is inactive: no site answers",
    ),
    "the app is down": (
        "systemctl stop 'gatehouse-demo-[ab].service'",
        "systemctl start gatehouse-demo-$(test -e /var/lib/gatehouse/live/demo-b && echo b || echo a)",
        "is inactive",
    ),
    "a timer is missing": (
        "systemctl stop gatehouse-watch.timer",
        "systemctl start gatehouse-watch.timer",
        "gatehouse-watch.timer is inactive: nobody looks at the certificates",
    ),
}


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_told_and_ends_with_1(house: House, outage: str) -> None:
    begin, end, words = OUTAGES[outage]
    house.server.run(begin)
    try:
        run = house.deploy(deploy="deploys/status.py")
    finally:
        house.server.run(end)
    assert run.code == 1, run.output
    problems = [line for line in run.output.splitlines() if "✗" in line]
    assert any(words in line for line in problems), run.output
    assert "nothing is wrong" not in run.output


def test_a_host_that_is_gone_stays_in_the_table(house: House) -> None:
    gone = {**house.host_data, "ssh_port": 9}
    run = pyinfra({house.server.name: house.host_data, "gone": gone}, deploy="deploys/status.py")
    assert run.code == 1
    lines = run.output.splitlines()
    assert "✗ not reached" in lines[lines.index("gone") + 1]


def test_programs_read_the_same(house: House) -> None:
    house.deploy("--data", "maintenance=on", deploy="deploys/maintenance.py").check()
    try:
        run = house.deploy("--data", "json=yes", deploy="deploys/status.py").check()
    finally:
        house.deploy("--data", "maintenance=off", deploy="deploys/maintenance.py").check()
    document = run.output[run.output.index("\n{") : run.output.rindex("\n}") + 2]
    (found,) = json.loads(document)["hosts"].values()
    (site,) = found["sites"]
    assert (site["status"], site["maintenance"], found["problems"]) == (503, True, [])

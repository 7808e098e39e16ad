"""An app's ports, which systemd holds: nobody else can listen there, whatever becomes of what does."""

import json
import re

import pytest

from deploys.places.apps import AppPlaces
from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.lab.waiting import until

pytestmark = pytest.mark.lab

THIEF = """
import itertools, json, socket, sys, time
ADDRESSES = [("AF_INET", "127.0.0.1"), ("AF_INET", "0.0.0.0")]
ADDRESSES += [("AF_INET6", "::"), ("AF_INET6", "::ffff:127.0.0.1")]
OPTIONS = ((), ("SO_REUSEADDR",), ("SO_REUSEPORT",), ("SO_REUSEADDR", "SO_REUSEPORT"))
tries, stolen = 0, set()
until = time.monotonic() + float(sys.argv[1])
while not tries or time.monotonic() < until:
    for (family, address), options, port in itertools.product(ADDRESSES, OPTIONS, map(int, sys.argv[2:])):
        tries += 1
        with socket.socket(getattr(socket, family)) as own:
            if family == "AF_INET6":
                own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            for option in options:
                own.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
            try:
                own.bind((address, port))
            except OSError:
                continue
            stolen.add(f"{address} {port} {options}")
print(json.dumps({"tries": tries, "stolen": sorted(stolen)}))
"""


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("coveted")
    workshop.deploy().check()
    workshop.server.run("cat > /usr/local/bin/thief.py", stdin=THIEF)
    return workshop


def stolen(workshop: Workshop, seconds: float = 0) -> list[str]:
    """Try for a time to listen at the app's ports as another user, in every way; list what worked."""
    thief = (
        f"runuser -u nobody -- python3 /usr/local/bin/thief.py {seconds} {workshop.port} {workshop.port + 1}"
    )
    found = json.loads(workshop.server.run(thief).stdout)
    assert found["tries"] >= 32
    return list(found["stolen"])


def socket(workshop: Workshop, slot: str) -> str:
    return AppPlaces(workshop.name, workshop.port).socket(workshop.port + (slot == "b"))


def is_refused(workshop: Workshop, slot: str) -> bool:
    """Say whether a connection to a slot is refused, as a proxy must see it, and not left to wait."""
    port = workshop.port + (slot == "b")
    connect = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
    return "ConnectionRefusedError" in workshop.server.run(f'python3 -c "{connect}"', check=False).stderr


def idle(workshop: Workshop) -> str:
    return "b" if workshop.live() == "a" else "a"


def test_nobody_else_can_listen_there_while_it_runs(workshop: Workshop) -> None:
    assert stolen(workshop) == []
    assert is_refused(workshop, idle(workshop))


def test_nor_while_it_crashes_again_and_again(workshop: Workshop) -> None:
    server, unit = workshop.server, workshop.unit()
    server.run(
        f"systemd-run -q --unit=killer sh -c 'while :; do systemctl kill -s KILL {unit}; sleep 0.3; done'"
    )
    try:
        assert stolen(workshop, 5) == []
    finally:
        server.run("systemctl stop killer")
    until(lambda: workshop.state(unit) == "active", within=60, otherwise="the app did not come back")
    assert workshop.answer()["words"] == "first"


def test_nor_once_it_is_stopped_by_hand(workshop: Workshop) -> None:
    workshop.server.run(f"systemctl stop {workshop.unit()}")
    assert stolen(workshop) == []
    assert is_refused(workshop, workshop.live())
    assert workshop.state(workshop.unit()) == "inactive"
    assert workshop.deploy().check().changed == [f"Release {workshop.name}"]
    assert workshop.answer()["words"] == "first"


def test_nor_during_a_release(workshop: Workshop) -> None:
    slot = workshop.live()
    workshop.deploy(env={"AGAIN": "1"}).check()
    assert workshop.live() != slot
    assert stolen(workshop) == []
    assert is_refused(workshop, slot)
    workshop.deploy().check()


@pytest.mark.slow
def test_nor_at_boot(workshop: Workshop) -> None:
    server, ports = workshop.server, f"{workshop.port} {workshop.port + 1}"
    server.run(
        "cat > /etc/systemd/system/thief.service && systemctl enable -q thief",
        stdin="[Service]\nUser=nobody\nType=oneshot\nStandardOutput=truncate:/run/stolen\n"
        f"ExecStart=/usr/bin/python3 /usr/local/bin/thief.py 3 {ports}\n"
        "[Install]\nWantedBy=multi-user.target\n",
    )
    try:
        server.reboot()
        until(lambda: workshop.state("thief") == "inactive", within=60, otherwise="the thief is still at it")
        assert json.loads(server.run("cat /run/stolen").stdout)["stolen"] == []
    finally:
        server.run(
            "systemctl disable -q thief; rm /etc/systemd/system/thief.service; systemctl daemon-reload"
        )
    assert is_refused(workshop, idle(workshop))
    assert workshop.deploy().check().changed == []


BREAKS = {
    "stopped": "systemctl stop {unit}",
    "not started at boot": "systemctl disable {unit}",
    "changed": "sed -i s/Backlog=.*/Backlog=1/ /etc/systemd/system/{unit}; systemctl daemon-reload",
    "at another port": "sed -i /^ListenStream/s/=.*/=127.0.0.1:9/ /etc/systemd/system/{unit};"
    " systemctl daemon-reload; systemctl stop {unit} {gate}; systemctl start {unit}",
    "gone": "systemctl disable --now {unit}; rm /etc/systemd/system/{unit}; systemctl daemon-reload",
}


@pytest.mark.slow
@pytest.mark.parametrize("slot", ["live", "idle"])
@pytest.mark.parametrize("how", BREAKS)
def test_a_port_that_is_not_held_is_held_again(workshop: Workshop, how: str, slot: str) -> None:
    unit = socket(workshop, workshop.live() if slot == "live" else idle(workshop))
    workshop.server.run(BREAKS[how].format(unit=unit, gate=unit.replace(".socket", ".service")))
    run = workshop.deploy().check()
    assert run.changed == [f"Release {workshop.name}"]
    assert "have systemd hold port" in run.output
    assert stolen(workshop) == []
    assert workshop.answer()["words"] == "first"
    assert workshop.deploy().check().changed == []


@pytest.mark.parametrize("hooks", [{}, {"before": ["true"]}], ids=["no hooks", "hooks"])
def test_a_plan_says_once_that_ports_are_to_be_held(
    make_workshop: MakeWorkshop, hooks: dict[str, list[str]]
) -> None:
    run = make_workshop("planned").deploy("--dry", yes=False, hooks=hooks).check()
    assert run.output.count("will have systemd hold port") == 1, run.output
    for step in ("will build release 1", "will start release 1", "will give the traffic to release 1"):
        assert step in run.output


@pytest.mark.parametrize("options", ["", "--bind 127.0.0.1", "--bind ::"])
def test_a_port_that_somebody_has_already(make_workshop: MakeWorkshop, options: str) -> None:
    late = make_workshop("late")
    for port in (late.port, late.port + 1):
        late.server.run(f"systemd-run -q --collect --unit=taker python3 -m http.server {options} {port}")
        late.server.run(f"timeout 30 sh -c 'until ss -ltn | grep -q :{port}; do sleep 0.1; done'")
        try:
            run = late.deploy()
        finally:
            late.server.run("systemctl stop taker")
        assert run.code != 0
        assert re.search(rf"late: port {port} is taken by process \d+ of taker\.service \(", run.output), (
            run.output
        )
        assert "http.server" in run.output
        assert "end it: systemctl stop taker.service, or set another port" in run.output
        assert late.server.run("ls /srv/late/releases", check=False).stdout == "", "expected no build"
        assert late.server.run("ls /etc/systemd/system | grep gatehouse-late", check=False).stdout == ""


@pytest.mark.slow
def test_what_was_started_before_ports_were_held_is_taken_over(workshop: Workshop) -> None:
    """As a server has it that the former version has provisioned: each server opens its port itself."""
    server, live = workshop.server, workshop.live()
    folder = "/etc/systemd/system"
    opens = r"s,^ExecStart=(\S+) (\S+) uvicorn,Environment=PYTHONPATH=\2\nExecStart=\1 -m uvicorn,"
    old = f"sed -E -i '/^Sockets=/d; /^Requires=/d; {opens}' {folder}/gatehouse-{workshop.name}-?.service"
    sockets = f"gatehouse-{workshop.name}.port-*"
    server.run(
        f"{old}; systemctl disable -q --now {socket(workshop, 'a')} {socket(workshop, 'b')};"
        f" rm {folder}/{sockets}; systemctl daemon-reload; systemctl restart {workshop.unit()}"
    )
    until(lambda: workshop.answer()["words"] == "first", within=30, otherwise="it does not answer")
    run = workshop.deploy().check()
    assert "have systemd hold port" in run.output
    assert workshop.live() != live
    assert stolen(workshop) == []
    assert workshop.deploy().check().changed == []

    workshop.deploy(deploy="deploys/rollback.py").check()
    assert workshop.live() == live
    assert workshop.answer()["words"] == "first"
    workshop.deploy("--data", "again=yes").check()
    assert stolen(workshop) == []
    assert workshop.deploy().check().changed == []

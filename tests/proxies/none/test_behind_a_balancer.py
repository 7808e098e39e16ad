"""A server without a proxy: who gets in, whom the app sees, and that no release loses a request."""

import subprocess
from typing import Any

import pytest

from tests.bench import releases
from tests.debians import BOTH
from tests.lab import Lab
from tests.lab.waiting import until
from tests.outside.nothing_lost import assert_nothing_lost, assert_releases_lose_nothing
from tests.proxies.none.asked import CUT_OFF
from tests.proxies.none.behind import PORT, Behind, demo

pytestmark = pytest.mark.lab

DOMAIN = "www.none.test"
CLIENT, FORGED = "203.0.113.66", "203.0.113.99"


@pytest.fixture(scope="module", params=BOTH)
def behind(request: pytest.FixtureRequest, lab: Lab) -> Behind:
    server = lab.up(f"balanced-{request.param}", debian=request.param, furnished=True, nginx=False)
    found = Behind.on(lab, server, {"demo": demo(DOMAIN)})
    found.deploy().check()
    return found


def test_who_is_let_in_and_whom_the_app_sees(behind: Behind) -> None:
    """Twice in a row, and after all of it the app has the headers of no client's."""
    assert behind.deploy().check().changed == []
    assert behind.leads[PORT] in behind.slots
    forged = ("X-Real-IP", FORGED, "Forwarded", f"for={FORGED}", "X-Client-IP", FORGED)
    answer = behind.ask(
        "/echo", "X-Forwarded-For", f"{FORGED}, {CLIENT}", "X-Forwarded-Proto", "https", *forged
    )
    said: dict[str, Any] = answer["said"]
    assert (said["client"], said["scheme"]) == (CLIENT, "https")
    assert FORGED not in str(said["headers"])
    for port in (PORT, *behind.slots):
        assert behind.ask("/echo", "X-Forwarded-For", FORGED, of=behind.stranger, port=port) == {
            "status": CUT_OFF
        }
    for port in behind.slots:
        assert behind.ask("/echo", port=port) == {"status": CUT_OFF}, "not even past the front"


def test_releases_and_a_rollback_under_load(behind: Behind) -> None:
    assert_releases_lose_nothing(behind.load(50), behind.house, 2)


@pytest.mark.slow
def test_a_release_that_is_refused_changes_nothing(behind: Behind) -> None:
    apps = {"demo": demo(DOMAIN, env={"DEMO_BROKEN": "1"}, health={"path": "/health", "timeout": 15})}
    before = behind.leads
    with behind.load(50).running() as load:
        load.enough()
        run = behind.deploy(apps=apps)
        refused = load.enough()
    assert run.code != 0
    assert "told to be broken by DEMO_BROKEN" in run.output
    assert_nothing_lost(refused)
    assert len(refused.processes) == 1
    assert behind.leads == before


@pytest.mark.slow
def test_the_ways_are_there_after_a_boot_and_after_a_flush(behind: Behind) -> None:
    releases.deploys(behind.house, 1)
    leads = behind.leads
    behind.server.reboot()
    until(lambda: behind.ask()["status"] == 200, within=60, otherwise="nothing answers after the boot")
    assert behind.leads == leads
    assert behind.ask(of=behind.stranger) == {"status": CUT_OFF}
    behind.server.run("printf '#!/usr/sbin/nft -f\\nflush ruleset\\n' > /etc/nftables.conf")
    for verb in ("restart", "reload"):
        behind.server.run(f"systemctl {verb} nftables")
        assert behind.leads == leads
        assert behind.ask()["status"] == 200
        assert behind.ask(of=behind.stranger) == {"status": CUT_OFF}
    behind.server.run("nft flush ruleset")
    assert behind.ask() == {"status": CUT_OFF}, "without rules nobody gets in"
    assert behind.deploy("--dry").check().changed == []
    behind.deploy().check()
    assert behind.ask()["status"] == 200


@pytest.mark.slow
def test_no_neighbour_gets_to_127_0_0_1(behind: Behind, lab: Lab) -> None:
    """Where the kernel leads there it takes such packets off the wire, whoever sends them."""
    neighbour = lab.client(f"beside-{behind.server.disk.debian}")
    for command in (
        "ip address flush dev lo",
        f"ip route replace 127.0.0.1 via {behind.server.address} dev eth0",
        "sysctl -qw net.ipv4.conf.all.route_localnet=1",
    ):
        subprocess.run(neighbour.command(*command.split()), check=True)
    slot: dict[str, Any] = {"of": neighbour, "at": "127.0.0.1", "port": behind.leads[PORT]}
    assert behind.ask(**slot) == {"status": CUT_OFF}
    behind.server.run("nft flush chain inet gatehouse_front own")
    assert behind.ask(**slot)["status"] == 200, "else this neighbour would show nothing"
    behind.server.run("nft delete table inet gatehouse_front && systemctl reload gatehouse-front")
    assert behind.ask(**slot) == {"status": CUT_OFF}
    assert behind.ask()["status"] == 200


@pytest.mark.slow
def test_ways_that_systemd_cannot_open_are_closed(behind: Behind) -> None:
    folder = "/run/systemd/system/gatehouse-front.service.d"
    behind.server.run(f"mkdir {folder} && printf '[Service]\\nExecStartPre=false\\n' > {folder}/not.conf")
    behind.server.run("systemctl daemon-reload && systemctl stop gatehouse-front")
    try:
        run = behind.deploy()
    finally:
        behind.server.run(f"rm -r {folder} && systemctl daemon-reload")
    assert run.code != 0
    assert "front: systemd cannot open the ways" in run.output
    assert behind.ask() == {"status": CUT_OFF}
    assert behind.server.run("cat /proc/sys/net/ipv4/conf/all/route_localnet").stdout == "0\n"
    behind.deploy().check()
    assert behind.ask()["status"] == 200


@pytest.mark.slow
def test_maintenance_is_told_to_the_load_balancer(behind: Behind) -> None:
    maintain = {"deploy": "deploys/maintenance.py"}
    behind.deploy("--data", "maintenance=on", **maintain).check()
    for path in ("/health", "/echo"):
        answer = behind.ask(path)
        assert (answer["status"], answer["headers"].get("retry-after")) == (503, "120")
    # A release can be made meanwhile, as it is asked from the server itself.
    releases.deploys(behind.house, 1)
    assert behind.ask("/health")["status"] == 503
    behind.deploy("--data", "maintenance=off", **maintain).check()
    assert behind.ask("/health")["status"] == 200


@pytest.mark.slow
def test_an_app_gets_at_nothing_of_it(behind: Behind) -> None:
    """As the app's user, in its sandbox: no rules, and nothing from a public port that it opens itself."""
    live = behind.leads[PORT]
    unit = f"gatehouse-demo-{'ab'[live - behind.slots[0]]}.service"
    inside = f"nsenter -t $(systemctl show -P MainPID {unit}) -a setpriv --reuid app-demo --clear-groups"
    refused = behind.server.attempt(f"{inside} /usr/sbin/nft flush map inet gatehouse_front slots")
    assert refused.returncode
    assert behind.leads == {PORT: live}
    listen = f"python3 -m http.server {PORT} --directory /tmp"
    behind.server.run(f"systemd-run --unit taker -p User=app-demo {listen}")
    until(
        lambda: f":{PORT} " in behind.server.run("ss -ltn").stdout,
        within=20,
        otherwise="nobody has taken the port",
    )
    assert behind.ask()["status"] == 200
    assert behind.ask()["said"]["host"] == DOMAIN
    assert behind.ask(of=behind.stranger) == {"status": CUT_OFF}
    run = behind.deploy()
    assert run.code != 0
    assert "end it: systemctl stop taker.service" in run.output
    behind.server.run("systemctl stop taker")
    among_its_own = f"echo 0 > /sys/fs/cgroup/system.slice/{unit}/cgroup.procs"
    behind.server.run(
        f"setsid sh -c '{among_its_own}; exec runuser -u app-demo -- {listen}' > /dev/null 2>&1 &"
    )
    until(
        lambda: f":{PORT} " in behind.server.run("ss -ltn").stdout,
        within=20,
        otherwise="the app has not taken the port",
    )
    # What it does within its release is mended by another release.
    releases.deploys(behind.house, 1)
    assert behind.ask()["status"] == 200
    assert f":{PORT} " not in behind.server.run("ss -ltn").stdout
    behind.deploy().check()


@pytest.mark.slow
def test_what_the_other_commands_say(behind: Behind) -> None:
    report = behind.deploy(deploy="deploys/report.py").check()
    assert "the load balancer's own has every request" in report.output
    renewal = behind.deploy(deploy="deploys/renew.py").check()
    assert "nothing to renew: the load balancer has the certificates" in renewal.output
    seen = behind.deploy(deploy="deploys/verify.py", client=behind.stranger)
    assert f"✓ demo at {behind.server.address} answers nobody but the load balancer" in seen.output
    assert "✗ www.none.test has an address" in seen.output
    here = behind.deploy(deploy="deploys/verify.py")
    assert "is in a network of the load balancer's" in here.output
    status = behind.deploy(deploy="deploys/status.py")
    assert "gatehouse-front active" in status.output
    assert "not in DNS" in status.output
    advised = behind.deploy(deploy="deploys/advise.py").check()
    assert "-> direct" in advised.output, "nothing in DNS yet"
    assert behind.deploy("--dry", deploy="deploys/forget.py").check().changed == []

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.lab import Lab, LabError, Server
from tests.lab.cgroups import server_group
from tests.lab.conftest import cli, environment
from tests.lab.debian import host_mirror
from tests.lab.layout import CHECKOUT
from tests.lab.traces import traces
from tests.lab.waiting import until

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def web(lab: Lab) -> Server:
    return lab.up("web")


@pytest.fixture
def kept(web: Server) -> Callable[[], bool]:
    """Something new on the server's disk; tells whether it is still there."""
    web.run("date +%N >/root/kept")
    content = web.run("cat /root/kept").stdout
    return lambda: web.run("cat /root/kept").stdout == content


def test_it_is_a_bare_debian_that_has_booted(web: Server) -> None:
    assert web.run("cat /etc/os-release").stdout.count('VERSION_ID="13"') == 1
    assert web.run("systemctl is-system-running").stdout.strip() == "running"
    assert web.run("hostname").stdout.strip() == "web"
    assert web.run("command -v nginx certbot curl pip ifconfig", check=False).stdout == ""


def test_an_up_server_is_left_alone(lab: Lab, web: Server) -> None:
    before = web.boot_id()
    done = cli(lab, "up", "web")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"web is up at {web.address}" in done.stdout
    assert web.boot_id() == before


def test_status_is_enough_to_reach_it(lab: Lab, web: Server) -> None:
    found = json.loads(cli(lab, "status", "--json").stdout)
    (server,) = found["servers"]
    assert (server["name"], server["running"], server["debian"]) == ("web", True, "13")
    strict = [f"UserKnownHostsFile={server['known_hosts']}", "StrictHostKeyChecking=yes", "BatchMode=yes"]
    options = [word for option in strict for word in ("-o", option)]
    for address in (server["address"], server["address6"]):
        login = ["ssh", "-F", "/dev/null", "-i", server["key"], *options, "-p", str(server["port"])]
        done = subprocess.run(
            [*login, f"{server['user']}@{address}", "id -u"], capture_output=True, text=True, check=False
        )
        assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr


def test_status_for_people(lab: Lab, web: Server) -> None:
    shown = cli(lab, "status").stdout
    assert f"web     running  13      {web.address}" in shown
    assert lab.ca.directory in shown


def test_ssh_passes_words_and_the_exit_code_on(lab: Lab, web: Server) -> None:
    done = cli(lab, "ssh", "web", "echo out; echo err >&2; exit 7")
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 7)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["up", "Web"], "lab: server 'Web': use up to 32 of a-z, 0-9 and -"),
        (
            ["up", "web", "--debian", "12"],
            "lab: web is there as Debian 13: python -m tests.lab down web first",
        ),
        (["up", "new", "--image", "none"], "lab: there is no image none (there are: none yet)"),
        (["ssh", "nobody"], "lab: there is no server nobody: python -m tests.lab up nobody"),
        (["down", "nobody"], "lab: there is no server nobody"),
        (["dns", "app.example", "192.0.2.1"], "lab: 'app.example' is not a name under .test"),
        (["dns", "app.test", "192.0.2"], "lab: '192.0.2' is not an IP address"),
    ],
)
def test_a_mistake_is_one_line(lab: Lab, web: Server, arguments: list[str], line: str) -> None:
    done = cli(lab, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_the_internets_names_and_packages_are_there(web: Server) -> None:
    mirror = urlsplit(host_mirror().archive).hostname
    assert web.run(f"getent hosts {mirror}").stdout
    web.run("apt-get update")


def test_a_hardened_service_runs(web: Server) -> None:
    sandbox = [
        *["PrivateUsers=yes", "PrivateDevices=yes", "PrivateTmp=yes", "ProtectProc=invisible"],
        *["ProtectSystem=strict", "ProtectKernelTunables=yes", "RestrictNamespaces=yes", "DynamicUser=yes"],
        *["MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "MemoryMax=50M"],
    ]
    properties = " ".join(f"--property={setting}" for setting in sandbox)
    done = web.run(f"systemd-run --wait --pipe --quiet {properties} id -u")
    assert int(done.stdout) > 60000


def test_sysctl_is_the_servers_own(web: Server) -> None:
    assert web.run("cat /proc/sys/net/ipv4/ip_forward").stdout == "0\n"
    web.run("sysctl -w net.ipv4.ip_local_port_range='20000 30000'")
    assert Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split() != ["20000", "30000"]


def test_a_reboot_keeps_the_disk_and_nothing_else(web: Server, kept: Callable[[], bool]) -> None:
    web.run("sysctl -w net.core.somaxconn=77; touch /run/gone")
    before = web.boot_id()
    web.reboot()
    assert kept()
    assert web.boot_id() != before
    assert web.run("cat /proc/sys/net/core/somaxconn").stdout != "77\n"
    assert web.run("test -e /run/gone", check=False).returncode == 1


def test_it_comes_back_from_a_reboot_that_the_lab_did_not_ask_for(
    web: Server, kept: Callable[[], bool]
) -> None:
    before = web.boot_id()
    web.attempt("systemctl reboot")
    until(lambda: web.boot_id() not in {before, ""}, within=60, otherwise="not back")
    assert kept()


def test_a_power_cut_keeps_the_disk(lab: Lab, web: Server, kept: Callable[[], bool]) -> None:
    assert cli(lab, "power-cut", "web").returncode == 0
    assert "web     stopped" in cli(lab, "status").stdout
    with socket.socket() as probe:
        probe.settimeout(0.5)
        assert probe.connect_ex((str(web.address), 22)) != 0
    lab.up("web")
    assert kept()


def test_a_server_whose_process_was_killed_is_booted_again(
    lab: Lab, web: Server, kept: Callable[[], bool]
) -> None:
    (nspawn,) = server_group(lab.layout.id, "web").child("machine").child("supervisor").processes()
    os.kill(nspawn, signal.SIGKILL)
    until(lambda: not web.running, within=60, otherwise="still running")
    lab.up("web")
    assert kept()


def test_a_snapshot_is_where_another_server_starts(lab: Lab, web: Server) -> None:
    web.run("echo set up >/srv/state; rm -f /etc/sudo.conf; mkdir /opt/app; rm -r /usr/share/doc")
    lab.snapshot("web", "base")
    other = lab.up("other", image="base")
    assert other.run("cat /srv/state").stdout == "set up\n"
    assert other.run("ls -d /opt/app /etc/sudo.conf /usr/share/doc", check=False).stdout == "/opt/app\n"
    for its_own in ("cat /etc/machine-id", "hostname", "cat /etc/ssh/ssh_host_ed25519_key.pub"):
        assert other.run(its_own).stdout != web.run(its_own).stdout
    other.run("rm /srv/state")
    assert web.run("cat /srv/state").stdout == "set up\n"
    with pytest.raises(LabError, match="the image base is there already, under other"):
        lab.snapshot("web", "base")
    lab.down("other")


def test_down_of_one_server_leaves_the_others(lab: Lab, web: Server) -> None:
    worker = lab.up("worker")
    assert any("worker" in trace for trace in traces(lab))
    lab.down("worker")
    assert not any("worker" in trace for trace in traces(lab))
    assert not worker.running
    assert web.run("hostname").stdout == "web\n"


def test_two_commands_at_once_take_turns(lab: Lab, web: Server) -> None:
    command = [sys.executable, "-m", "tests.lab", "up", "twin"]
    both = [
        subprocess.Popen(command, cwd=CHECKOUT, env=environment(lab), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("booting twin" in words for words in said) == 1
    lab.down("twin")


def test_a_client_has_an_address_of_its_own(lab: Lab, web: Server) -> None:
    clients = [lab.client(), lab.client("second"), lab.client()]
    assert clients[0] == clients[2]
    lab.set_name("web.test", str(web.address))
    for client in clients[:2]:
        greeting = 'import socket; s = socket.create_connection(("web.test", 22)); print(s.getsockname()[0])'
        done = subprocess.run(
            client.command("python3", "-c", greeting), capture_output=True, text=True, check=False
        )
        assert done.stdout.strip() == str(client.address), done.stderr
    lab.remove_name("web.test")


@pytest.mark.parametrize("debian", ["12", pytest.param("forky", marks=pytest.mark.slow)])
def test_other_releases(lab: Lab, debian: str) -> None:
    server = lab.up(f"debian-{debian}", debian=debian)
    assert server.run("systemctl is-system-running").stdout.strip() == "running"
    lab.down(server.name)

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import Lab
from tests.lab.conftest import cli, environment
from tests.lab.layout import CHECKOUT
from tests.lab.traces import traces

pytestmark = pytest.mark.lab


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Lab]:
    scratch = Lab(tmp_path / "second")
    try:
        yield scratch
    finally:
        scratch.down()


def test_down_leaves_nothing(fresh: Lab) -> None:
    fresh.up("web")
    fresh.client()
    fresh.set_name("app.test", "192.0.2.1")
    fresh.snapshot("web", "base")
    kinds = {trace.split()[0] for trace in traces(fresh)}
    assert kinds == {"link", "namespace", "nft", "mount", "file", "control", "state", "process"}
    assert cli(fresh, "down").returncode == 0
    assert traces(fresh) == []


def test_a_lab_beside_goes_with_it(fresh: Lab) -> None:
    """Though whoever made it was killed before it could take it down."""
    beside = fresh.beside("other")
    fresh.up("web")
    beside.up("web")
    assert len(traces(beside)) > 1
    assert cli(fresh, "down").returncode == 0
    assert traces(fresh) == traces(beside) == []


def test_down_has_nothing_to_do(fresh: Lab) -> None:
    for _ in range(2):
        done = cli(fresh, "down")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert traces(fresh) == []


def test_side_by_side(fresh: Lab, second: Lab) -> None:
    """The same name in two labs; taking one down leaves the other as it is."""
    web, other = fresh.up("web"), second.up("web")
    assert web.address != other.address
    fresh.set_name("app.test", str(web.address))
    second.set_name("app.test", str(other.address))
    for server in (web, other):
        assert server.run("getent hosts app.test").stdout.split() == [str(server.address), "app.test"]
    before = other.run("cat /proc/sys/kernel/random/boot_id").stdout
    fresh.down()
    assert traces(fresh) == []
    assert other.run("cat /proc/sys/kernel/random/boot_id").stdout == before
    assert other.run("getent hosts app.test").stdout.split() == [str(other.address), "app.test"]


@pytest.mark.slow
@pytest.mark.parametrize("then", ["down", "up"])
def test_a_killed_up_is_cleared_or_taken_further(fresh: Lab, then: str) -> None:
    """Killed at the moment it says that it boots the server, or a little after."""
    command = [sys.executable, "-m", "tests.lab", "up", "web"]
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment(fresh), stderr=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stderr
        assert any("booting web" in line for line in killed.stderr)
        killed.kill()
    if then == "up":
        assert fresh.up("web").run("hostname").stdout == "web\n"
        assert fresh.ca.running
    fresh.down()
    assert traces(fresh) == []


def test_a_lab_that_lost_its_state_is_cleared_by_its_names(fresh: Lab) -> None:
    fresh.up("web")
    subprocess.run(["rm", "-rf", fresh.layout.state], check=True)
    assert traces(fresh) != []
    fresh.down()
    assert traces(fresh) == []


@pytest.mark.slow
def test_a_server_with_limits_leaves_nothing(fresh: Lab) -> None:
    server = fresh.up("web", debian="12", limits=True)
    greedy = "systemd-run --wait --pipe --quiet -p MemoryMax=30M python3 -c 'chr(120) * 10**8'"
    assert server.run(greedy, check=False).returncode != 0
    server.reboot()
    assert server.run(greedy, check=False).returncode != 0
    server.power_cut()
    fresh.up("web")
    assert server.run(greedy, check=False).returncode != 0
    assert server.run(greedy.replace("30M", "300M"), check=False).returncode == 0
    subprocess.run(["rm", "-rf", fresh.layout.state], check=True)
    fresh.down()
    assert traces(fresh) == []


def test_half_made_state_is_no_obstacle(fresh: Lab) -> None:
    for path in ("servers/web/upper/etc", "ssh", "ca", "images/.base/upper"):
        (fresh.layout.state / path).mkdir(parents=True)
    (fresh.layout.ssh / "id_ed25519").write_text("cut off")
    (fresh.layout.state / "lock").write_text("")
    assert fresh.up("web").run("hostname").stdout == "web\n"
    fresh.down()
    assert traces(fresh) == []


@pytest.mark.slow
def test_a_build_that_was_killed_leaves_nothing(fresh: Lab, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "tests.lab", "up", "web"]
    variables = {**environment(fresh), "GATEHOUSE_LAB_CACHE": str(cache)}
    with subprocess.Popen(command, cwd=CHECKOUT, env=variables, stderr=subprocess.PIPE, text=True) as killed:
        assert killed.stderr
        assert any("building the image server" in line for line in killed.stderr)
        killed.kill()
    done = subprocess.run(
        [*command[:3], "down", "--images"],
        cwd=CHECKOUT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not cache.exists()
    assert traces(fresh) == []


def test_only_root_is_let_in(fresh: Lab) -> None:
    assert os.geteuid() == 0, "only root can become somebody else, as the lab itself needs root"
    program = "import os, sys; from tests.lab.cli import main; os.setuid(65534); sys.exit(main(['status']))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=environment(fresh),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "lab: the lab makes network namespaces and boots servers: run it as root\n"

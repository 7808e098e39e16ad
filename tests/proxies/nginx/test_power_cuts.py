"""Whatever moment a run is cut off at, the site serves, the machine could reboot, and the next run heals."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys import remote
from deploys.proxies.nginx.onhost import live as live_onhost
from tests.conformance.wire import Request
from tests.lab.waiting import until
from tests.proxies import cutting
from tests.proxies.nginx import stand_in
from tests.proxies.nginx.going_live import OPERATION, limit, live, site
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab

CUT_OFF = Path(__file__).with_name("cut_off.py")


@pytest.fixture
def stage(faulty: Stage) -> Iterator[Stage]:
    yield faulty
    make_live(faulty, faulty.render())


def cut_off_everywhere(stage: Stage, first: int, step: int, start: str) -> int:
    """Cut a run off after every STEPth step, and give the number of steps that a run has."""
    source = remote.run(live_onhost, {}).bits[-1].obj
    stage.put_file("/root/cut_off.py", CUT_OFF.read_text())
    stage.put_file("/root/tests/proxies/cutting.py", cutting.HERE.read_text())
    trees = [stage.render(**site(max_body="3m")), stage.render(**site(max_body="4m"))]
    words = f"python3 /root/cut_off.py {first} {step} {start}"
    return int(stage.server.run(words, stdin=json.dumps([source, *trees])).stdout)


def serves(stage: Stage) -> bool:
    try:
        return stage.wire.send(Request("/x")).status == 200
    except OSError:
        return False


@pytest.mark.parametrize("start", ["provisioned", pytest.param("bare", marks=pytest.mark.slow)])
def test_a_run_is_cut_off_here_and_there(stage: Stage, start: str) -> None:
    assert cut_off_everywhere(stage, 3, 17, start) > 40
    assert stage.wire.send(Request("/x")).status == 200


@pytest.mark.newest
@pytest.mark.slow
@pytest.mark.parametrize("start", ["provisioned", "bare"])
def test_a_run_is_cut_off_after_every_step(stage: Stage, start: str) -> None:
    assert cut_off_everywhere(stage, 1, 1, start) > 40
    assert stage.wire.send(Request("/x")).status == 200


def test_the_last_good_configuration_comes_back_with_the_machine(stage: Stage, tmp_path: Path) -> None:
    """After a broken snippet, and with a run that lost power just before the reload."""
    snippet = tmp_path / "mine.conf"
    snippet.write_text("nonsense;")
    make_live(stage, stage.render(**site(max_body="3m")))
    assert stage.deploy(**site(snippets=[str(snippet)])).code != 0
    good = live(stage)
    stage.server.run("ln -s nonsense /etc/nginx/gatehouse-candidate.conf")
    stage.server.run("mkdir -p /etc/nginx/gatehouse.d/.unfinished/sites")
    stage.server.power_cut()
    stage.lab.up(stage.name)
    until(lambda: serves(stage), within=30, otherwise="does not serve after the power cut")
    assert live(stage) == good
    assert limit(stage) == 3
    assert stage.deploy(**site(snippets=[str(snippet)])).code != 0
    assert stage.deploy(**site(max_body="3m")).check().changed == []
    assert stage.deploy().check().changed == [OPERATION]
    stage.server.reboot()
    until(lambda: serves(stage), within=30, otherwise="does not serve after the reboot")
    assert stage.deploy().check().changed == []


CUTS_THE_LINE = """\
#!/bin/sh
# In the place of nginx: ends the SSH session that it runs in, then does what it was asked for.
mv /usr/sbin/nginx.real /usr/sbin/nginx
pid=$$
until grep -q '^sshd' /proc/$pid/comm; do pid=$(awk '$1 == "PPid:" { print $2 }' /proc/$pid/status); done
kill -9 $pid
sleep 1
exec /usr/sbin/nginx "$@"
"""


def test_a_connection_that_is_lost_leaves_nothing_half_done(stage: Stage) -> None:
    """It ends in the middle of nginx's test; on the server, the act goes on to its end."""
    stand_in.put(stage.server, CUTS_THE_LINE)
    run = stage.deploy(**site(max_body="4m"))
    assert run.code != 0
    assert "Traceback" not in run.output
    until(lambda: limit(stage) == 4, within=30, otherwise="the run has not gone on")
    stage.deploy(**site(max_body="4m")).check()
    assert stage.deploy(**site(max_body="4m")).check().changed == []


def test_nginx_comes_back_after_a_crash(stage: Stage) -> None:
    stage.server.run("kill -9 $(cat /run/nginx.pid)")
    until(lambda: serves(stage), within=30, otherwise="nginx does not come back")
    assert stage.deploy().check().changed == []

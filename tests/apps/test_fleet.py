"""An app on two hosts: its hooks run once, and if they fail no host gets the release."""

from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import DEPLOY, Workshop
from tests.lab import Lab, Server
from tests.lab.waiting import until
from tests.provision import Run, begun, pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def hosts(lab: Lab, make_workshop: MakeWorkshop) -> list[Workshop]:
    first = make_workshop("fleet")
    other = "13" if first.server.disk.debian == "12" else "12"
    second: Server = lab.up(f"apps-second-{other}", debian=other)
    return [first, Workshop(lab, second, first.folder, first.name, first.port)]


def deploy(hosts: list[Workshop], command: str, **changes: Any) -> Run:
    hooks = {"before": [command], "after": ["sh -c 'echo after >> $STATE_DIRECTORY/log'"]}
    data = {each.server.name: each.host_data(hooks=hooks, **changes) for each in hosts}
    return pyinfra(data, deploy=DEPLOY)


def logs(hosts: list[Workshop]) -> list[str]:
    return [each.server.run("cat /var/lib/app-fleet/log", check=False).stdout for each in hosts]


def test_hooks_run_on_one_host(hosts: list[Workshop]) -> None:
    deploy(hosts, "sh -c 'echo before >> $STATE_DIRECTORY/log'").check()
    assert logs(hosts) == ["before\nafter\n", ""]
    assert [each.answer()["words"] for each in hosts] == ["first", "first"]
    assert deploy(hosts, "sh -c 'echo before >> $STATE_DIRECTORY/log'").check().changed == []


def test_no_host_moves_when_they_fail(hosts: list[Workshop]) -> None:
    before = [each.answer()["pid"] for each in hosts]
    hosts[0].says("second")
    run = deploy(hosts, "sh -c 'echo no such table >&2; exit 1'")
    assert run.code != 0
    assert "no such table" in run.output
    assert f"nothing was changed, because it failed on {hosts[0].server.name}" in run.output
    assert [each.answer()["pid"] for each in hosts] == before


def test_a_host_that_goes_down_holds_nobody_up(hosts: list[Workshop]) -> None:
    """The others go on; it comes back with what it had, and the next run brings it up to date."""
    up, down = hosts
    up.says("third", "\nimport time\nwhile os.path.exists('/var/lib/app-fleet/wait'):\n    time.sleep(0.1)\n")
    down.server.run("touch /var/lib/app-fleet/wait")
    before, idle = down.answer()["words"], down.unit("b" if down.live() == "a" else "a")
    settings = {"health": {"path": "/health", "timeout": 120, "settle": 0}}
    data = {each.server.name: each.host_data(**settings) for each in hosts}
    with begun(data, deploy=DEPLOY) as run:
        until(lambda: down.state(idle) == "active", within=90, otherwise=run.output.read_text)
        down.server.power_cut()
        done = run.ended()
    assert done.code != 0
    assert "Traceback" not in done.output, done.output
    assert f"[{down.server.name}] the connection was lost; run it again" in done.output, done.output
    assert up.answer()["words"] == "third"
    down.lab.up(down.server.name)
    until(lambda: down.state(down.unit()) == "active", within=60, otherwise="it does not come back")
    assert down.answer()["words"] == before
    down.server.run("rm /var/lib/app-fleet/wait")
    pyinfra(data, deploy=DEPLOY).check()
    assert [each.answer()["words"] for each in hosts] == ["third"] * 2
    assert pyinfra(data, deploy=DEPLOY).check().changed == []


def test_all_hosts_go_back(hosts: list[Workshop]) -> None:
    for words in ("former", "present"):
        hosts[0].says(words)
        deploy(hosts, "true").check()
    data = {each.server.name: each.host_data() for each in hosts}
    pyinfra(data, deploy="deploys/rollback.py").check()
    assert [each.answer()["words"] for each in hosts] == ["former"] * 2

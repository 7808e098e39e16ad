"""An app on two hosts: its hooks run once, and if they fail no host gets the release."""

from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import DEPLOY, Workshop
from tests.lab import Lab, Server
from tests.provision import Run, pyinfra

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

"""An app that is taken out of the settings: told of in each run, kept until asked, then gone, data apart."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.outside.load import Load
from tests.provision import Run
from tests.site.commands import MOST_COMMANDS, Commands
from tests.site.test_under_load import RATE

pytestmark = [pytest.mark.lab, pytest.mark.slow]

TOLD = "spare: no longer in the settings, but still on the server; deploys/forget.py removes it"
FORGET = "deploys/forget.py"
LOG = "/var/lib/app-spare/log"
NOT_LOOKED_AT = ("/proc", "/sys", "/usr", "/var/log", "/var/lib/app-spare")
LEFT = (
    rf"find / \( -path {' -o -path '.join(NOT_LOOKED_AT)} \) -prune"
    r" -o \( -name '*spare*' -o -nouser -o -nogroup \) -print"
)


@dataclass(frozen=True)
class Team:
    """A server with one app that stays and one that goes."""

    house: House
    spare: dict[str, Any]

    def run(self, *flags: str, spare: bool = False, **arguments: Any) -> Run:
        """Run a deploy with settings that have the app, or have it no more."""
        if not spare:
            return self.house.deploy(*flags, **arguments)
        site = self.house.settings["sites"][self.house.domain]
        routes = {**site["routes"], "/spare/": {"app": "spare", "prefix": "/spare"}}
        apps = {**self.house.settings["apps"], "spare": self.spare}
        return self.house.deploy(
            *flags, apps=apps, sites={self.house.domain: {**site, "routes": routes}}, **arguments
        )

    def serves_spare(self) -> bool:
        return self.house.outside.get("/spare/health").status_code == 200


@pytest.fixture(scope="module")
def team(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Team:
    secret = tmp_path_factory.mktemp("secret") / "token"
    secret.write_text("hunter2")
    house = House.on(lab, lab.up("leaver", debian="12", furnished=True))
    house.server.run("mkdir -p /srv/uploads /srv/uploads/theirs && chown games /srv/uploads/theirs")
    spare = {
        "source": "tests/demo",
        "asgi": "demo.main:app",
        "health": {"path": "/health"},
        "drain": 2,
        "secrets": {"TOKEN": {"file": str(secret)}, "KEY": {"file": str(secret), "deliver": "credential"}},
        "processes": {"mail": "sleep infinity"},
        "jobs": {
            "tidy": {"schedule": "*-*-* *:*:00/10", "command": "sh -c 'echo tidied >> $STATE_DIRECTORY/log'"}
        },
        "hooks": {"before": ["true"], "after": ["true"]},
        "sandbox": {"writable": ["/srv/uploads"]},
    }
    team = Team(house, spare)
    for version in ("1", "2"):
        spare["env"] = {"DEMO_VERSION": version}
        team.run(spare=True).check()
    assert team.run(spare=True).check().changed == []
    house.server.run("touch /srv/uploads/kept && chown -R app-spare: /srv/uploads/kept")
    until(lambda: house.server.run(f"test -s {LOG}", check=False).returncode == 0, within=30, otherwise="-")
    return team


def found(team: Team) -> list[str]:
    return team.house.server.run(LEFT).stdout.splitlines()


def lasting(team: Team) -> list[str]:
    """Leave out what is there only while a job runs."""
    return [path for path in found(team) if not {"tmp", "run"} & {*Path(path).parts[1:3]}]


def test_an_app_in_the_settings_is_never_removed(team: Team) -> None:
    run = team.run(deploy=FORGET, spare=True).check()
    assert run.changed == []
    assert "every app is in the settings" in run.output
    assert team.serves_spare()


def test_one_to_which_the_proxy_still_sends_is_not_removed(team: Team) -> None:
    before = lasting(team)
    for flags in ((), ("--dry",)):
        run = team.run(*flags, deploy=FORGET, yes=not flags)
        assert run.code != 0
        assert "spare: not removed, nginx still sends requests to it; run deploys/site.py first" in run.output
        assert "Traceback" not in run.output
    assert team.serves_spare()
    assert len(before) > 10
    assert lasting(team) == before


def test_each_run_and_the_status_tell_of_it(team: Team) -> None:
    assert team.run("--dry", yes=False).check().output.count(TOLD) == 1
    assert team.serves_spare()
    run = team.run().check()
    assert run.changed == ["Make the nginx configuration live"]
    assert run.output.count(TOLD) == 1
    assert team.house.outside.get("/spare/health").status_code == 404
    commands = Commands(team.house)
    start = commands.cursor()
    run = team.run().check()
    assert run.changed == []
    assert run.output.count(TOLD) == 1
    sent = commands.since(start)
    assert 0 < len(sent) <= MOST_COMMANDS, f"{len(sent)} commands were sent:\n" + "\n".join(sent)
    assert team.house.server.run("systemctl is-active gatehouse-spare-b").stdout == "active\n"
    assert TOLD in team.run(deploy="deploys/status.py").check().output


def test_a_dry_run_shows_what_would_go(team: Team) -> None:
    before = lasting(team)
    run = team.run("--dry", deploy=FORGET, yes=False).check()
    for shown in (
        "spare: will stop and remove gatehouse-spare-a.hook-after.service, ",
        "gatehouse-spare-b.job-tidy.timer, gatehouse-spare-b.process-mail.service, ",
        "spare: will remove /etc/gatehouse/secrets/spare, /var/lib/gatehouse/live/spare-b, ",
        "/var/lib/gatehouse/history/spare, ",
        "/srv/spare/current, ",
        "/srv/spare/releases",
        "spare: will remove the user app-spare",
        "spare: will keep /var/lib/app-spare, /srv/uploads",
    ):
        assert shown in run.output, f"expected {shown!r} in:\n{run.output}"
    assert re.search(r"App spare: remove +1 \(leaver\) +-", run.output), run.output
    assert lasting(team) == before


def test_it_goes_while_another_app_serves(team: Team) -> None:
    server = team.house.server
    with Load(team.house.outside, RATE).running() as load:
        until(lambda: load.tally.done["POST"] > 100, within=30, otherwise="no load")
        run = team.run(deploy=FORGET).check()
        tally = load.so_far()
    assert run.changed == ["App spare: remove"]
    assert tally.failures == [], str(tally)
    assert tally.done["GET"] > 100
    assert len(tally.processes) == 1
    assert found(team) == []
    assert server.run("getent passwd app-spare; getent group app-spare", check=False).stdout == ""
    assert server.run("systemctl list-units --all --no-legend '*spare*'").stdout == ""
    assert server.run("pgrep -f /srv/spare", check=False).stdout == ""
    assert server.run("ls /etc/gatehouse/firewall").stdout == "demo.nft\n"
    tables = server.run("nft list tables inet").stdout
    assert "gatehouse_app_demo" in tables
    assert "spare" not in tables
    stays = "stat -c '%U %a' /var/lib/app-spare; stat -c %a /srv/uploads; ls /var/lib/app-spare"
    assert server.run(stays).stdout == "root 700\n755\nlog\n"
    owners = server.run("stat -c %u:%g /srv/uploads/kept /srv/uploads/theirs").stdout
    assert owners == "0:0\n5:0\n", "its own was to be root's, and another's to stay"


def test_a_second_run_has_nothing_to_do(team: Team) -> None:
    assert team.run(deploy=FORGET).check().changed == []
    run = team.run().check()
    assert run.changed == []
    assert TOLD not in run.output
    team.house.server.run("systemctl restart gatehouse-firewall@demo")


def test_it_comes_back_with_its_data(team: Team) -> None:
    team.run(spare=True).check()
    assert team.serves_spare()
    assert team.run(spare=True).check().changed == []
    owners = f"stat -c %U /var/lib/app-spare {LOG}"
    assert team.house.server.run(owners).stdout == "app-spare\napp-spare\n"
    assert team.house.server.run("ls /srv/spare/releases").stdout == "1\n"


def test_a_removal_that_was_cut_off_is_finished_by_the_next(team: Team) -> None:
    """As if the power had gone after the units: what an app gets first is what it loses last."""
    team.run().check()
    server = team.house.server
    server.run("systemctl stop 'gatehouse-spare-*' && rm /etc/systemd/system/gatehouse-spare-*")
    assert TOLD in team.run().check().output
    assert team.run(deploy=FORGET).check().changed == ["App spare: remove"]
    assert found(team) == []
    assert team.run(deploy=FORGET).check().changed == []


def test_the_last_app_is_told_of_too(team: Team, tmp_path: Path) -> None:
    sites = {team.house.domain: {"routes": {"/": {"redirect": "https://example.com/"}}}}
    told = TOLD.replace("spare", "demo")
    run = team.run(apps={}, sites=sites).check()
    assert told in run.output
    run = team.run("--dry", yes=False, apps={}, sites=sites).check()
    assert run.output.count(told) == 1
    team.run(deploy=FORGET, apps={}, sites=sites).check()
    run = team.run(apps={}, sites=sites).check()
    assert run.changed == []
    assert told not in run.output

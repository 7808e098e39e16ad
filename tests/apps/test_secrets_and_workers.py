"""Secrets, processes, jobs and hooks go the way of the release."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.lab.waiting import until

pytestmark = pytest.mark.lab

VALUE = 'hunter2 "$HOME" `id` \\ %n é\nsecond line'
CHANGED = "hunter2 changed"
KEY = " hunter2 of the controller's environment"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_TEST_KEY", KEY)


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    return make_workshop("vault")


def settings(workshop: Workshop, value: str = VALUE) -> dict[str, Any]:
    secret = workshop.folder.parent / "secret.txt"
    secret.write_text(value + "\n")
    variables = workshop.folder.parent / "shop.env"
    variables.write_text(
        "TOKEN='hunter2 of the wrong place'\nOF_A_FILE='hunter2 \"$HOME\"'\nPYTHONPATH=.\nWEB_CONCURRENCY=3\n"
    )
    return {
        "env_file": str(variables),
        "secrets": {
            "TOKEN": {"file": str(secret)},
            "KEY": {"env": "GATEHOUSE_TEST_KEY"},
            "CERTIFICATE": {"command": f"cat {secret}", "deliver": "credential"},
        },
        "processes": {"mail": "sleep infinity"},
        "jobs": {
            "tidy": {"schedule": "*-*-* *:*:00/1", "command": "sh -c 'echo tidied >> $STATE_DIRECTORY/log'"}
        },
        "hooks": {
            "before": ["sh -c 'echo migrated with ${#TOKEN} >> $STATE_DIRECTORY/log'"],
            "after": ["sh -c 'echo announced >> $STATE_DIRECTORY/log'"],
        },
        "limits": {"memory": "256m", "cpus": 0.5},
    }


def log(workshop: Workshop) -> str:
    return workshop.server.run("cat /var/lib/app-vault/log", check=False).stdout


def assert_nowhere(workshop: Workshop, output: str) -> None:
    assert "hunter2" not in output
    look = "grep -rsl hunter2 /srv /etc /run/gatehouse /run/systemd /var/lib /var/log /tmp"
    assert {Path(line).parent.name for line in workshop.server.run(look, check=False).stdout.split()} <= {
        "a",
        "b",
    }
    secrets = "find /etc/gatehouse/secrets -perm /0077"
    assert workshop.server.run(secrets).stdout == ""
    show = f"systemctl show {workshop.unit()}; ps axww"
    assert "hunter2" not in workshop.server.run(show).stdout


@pytest.mark.slow
def test_everything_of_a_release_starts_with_it(workshop: Workshop) -> None:
    run = workshop.deploy("-v", "--diff", **settings(workshop)).check()
    assert_nowhere(workshop, run.output)
    environment = workshop.answer()["environment"]
    assert environment["TOKEN"] == VALUE
    assert environment["KEY"] == KEY
    assert environment["OF_A_FILE"] == 'hunter2 "$HOME"'
    assert environment["PYTHONPATH"] == "."
    credential = f"{environment['CREDENTIALS_DIRECTORY']}/CERTIFICATE"
    assert workshop.server.run(f"cat {credential}").stdout == VALUE
    assert workshop.running() == sorted(
        [workshop.unit(), workshop.unit(part="process-mail.service"), workshop.unit(part="job-tidy.timer")]
    )
    lines = [line for line in log(workshop).splitlines() if line != "tidied"]
    assert lines[-2:] == [f"migrated with {len(VALUE.encode())}", "announced"]
    until(lambda: "tidied" in log(workshop), within=30, otherwise="the job never ran")
    for part in ("service", "process-mail.service", "job-tidy.service"):
        show = f"systemctl show -p MemoryMax,CPUQuotaPerSecUSec,TasksMax {workshop.unit(part=part)}"
        assert set(workshop.server.run(show).stdout.split()) == {
            "MemoryMax=268435456",
            "CPUQuotaPerSecUSec=500ms",
            "TasksMax=512",
        }


def test_a_rerun_with_secrets_changes_nothing(workshop: Workshop) -> None:
    workshop.deploy(**settings(workshop)).check()
    assert workshop.deploy(**settings(workshop)).check().changed == []


def test_a_changed_secret_takes_the_way_of_a_release(workshop: Workshop) -> None:
    workshop.deploy(**settings(workshop)).check()
    slot = workshop.live()
    run = workshop.deploy("-v", "--diff", **settings(workshop, CHANGED)).check()
    assert_nowhere(workshop, run.output)
    assert workshop.live() != slot
    assert workshop.answer()["environment"]["TOKEN"] == CHANGED
    assert len(workshop.running()) == 3
    assert all(f"vault-{workshop.live()}." in unit for unit in workshop.running())


@pytest.mark.slow
def test_a_file_with_a_secret_is_in_no_release(workshop: Workshop) -> None:
    file = workshop.folder / "secrets" / "token"
    file.parent.mkdir(exist_ok=True)
    file.write_text(CHANGED)
    index = {"url": "https://packages.test/simple", "user": "a", "password": {"file": str(file)}}
    workshop.deploy().check()
    inside: dict[str, Any] = {"secrets": {"TOKEN": {"file": str(file)}}}
    before = workshop.releases()
    for wrong, key in ((inside, "['secrets']['TOKEN']"), ({"indexes": {"extra": [index]}}, "['password']")):
        run = workshop.deploy(**wrong)
        assert run.code != 0
        assert f"{key}: {str(file)!r} would be part of the release, as it is in the source" in run.output
    assert workshop.releases() == before
    (workshop.folder / ".gitignore").write_text("/secrets\n")
    subprocess.run(["git", "init", "-q", str(workshop.folder)], check=True)
    run = workshop.deploy("-v", "--diff", **inside).check()
    assert_nowhere(workshop, run.output)
    assert workshop.answer()["environment"]["TOKEN"] == CHANGED
    assert workshop.server.run("ls /srv/vault/current/code/secrets", check=False).returncode != 0
    shutil.rmtree(workshop.folder / ".git")
    shutil.rmtree(file.parent)


@pytest.mark.slow
@pytest.mark.parametrize("stopped", ["*", "job-tidy.timer"])
def test_what_has_stopped_is_started_again(workshop: Workshop, stopped: str) -> None:
    workshop.deploy(**settings(workshop, CHANGED)).check()
    units = workshop.running()
    workshop.server.run(f"systemctl stop '{workshop.unit(part=stopped)}'")
    assert workshop.running() != units
    workshop.deploy(**settings(workshop, CHANGED)).check()
    assert workshop.running() == units
    assert workshop.deploy(**settings(workshop, CHANGED)).check().changed == []


@pytest.mark.slow
def test_all_of_a_release_goes_back_with_it(workshop: Workshop) -> None:
    workshop.deploy(**settings(workshop, CHANGED)).check()
    units, slot = workshop.running(), workshop.live()
    more = settings(workshop, "hunter2 again") | {"processes": {"mail": "sleep 1d", "post": "sleep 1d"}}
    workshop.deploy(**more).check()
    assert len(workshop.running()) == 4
    nowhere = more | {"secrets": {"TOKEN": {"file": "/nowhere/secret.txt"}}}
    # What comes back as it was brings its own.
    run = workshop.deploy("-v", "--diff", deploy="deploys/rollback.py", **nowhere).check()
    assert_nowhere(workshop, run.output)
    assert workshop.live() == slot
    assert workshop.running() == units
    assert workshop.answer()["environment"]["TOKEN"] == CHANGED


@pytest.mark.slow
def test_what_is_no_longer_wanted_is_gone(workshop: Workshop) -> None:
    for words in ("second", "third"):
        workshop.says(words)
        workshop.deploy().check()
    assert workshop.running() == [workshop.unit()]
    of_a_release = r"-name '*vault*.*-*' ! -name '*.port-*'"  # the ports are the app's, whatever runs
    names = rf"-path '*vault*' \( {of_a_release} -o -name environment \)"
    left = f"find /etc/systemd/system /etc/gatehouse {names}"
    assert workshop.server.run(left).stdout == ""
    failed = "systemctl list-units --failed --plain --no-legend 'gatehouse-vault-*'"
    assert workshop.server.run(failed).stdout == "", "expected nothing to be told of units that are gone"


@pytest.mark.slow
def test_a_job_that_ran_is_not_run_again_in_the_other_slot(make_workshop: MakeWorkshop) -> None:
    workshop = make_workshop("diary")
    line = "sh -c 'echo billed >> $STATE_DIRECTORY/log'"
    jobs = {"bill": {"schedule": "monthly", "command": line}}

    def stamp() -> str:
        return f"/var/lib/systemd/timers/stamp-{workshop.unit(part='job-bill.timer')}"

    def last() -> str:
        return workshop.server.run(f"stat -c %Y {stamp()}").stdout

    workshop.deploy(jobs=jobs).check()
    workshop.deploy(jobs=jobs, env={"A": "1"}).check()
    workshop.server.run(f"touch -d '40 days ago' {stamp().replace('diary-b', 'diary-a')}")
    ran = last()
    workshop.deploy(jobs=jobs, env={"A": "2"}).check()
    assert last() == ran
    workshop.server.run(f"touch -d '40 days ago' {stamp().replace('diary-a', 'diary-b')}")
    workshop.deploy(jobs=jobs, deploy="deploys/rollback.py").check()
    assert last() == ran
    assert workshop.running() == sorted([workshop.unit(), workshop.unit(part="job-bill.timer")])
    assert workshop.server.run("cat /var/lib/app-diary/log", check=False).stdout == ""


@pytest.mark.slow
def test_a_job_at_work_is_not_ended_by_deploys(make_workshop: MakeWorkshop) -> None:
    workshop = make_workshop("mill")
    jobs = {"grind": {"schedule": "yearly", "command": "sleep infinity"}}
    workshop.deploy(jobs=jobs).check()
    job = workshop.unit(part="job-grind.service")
    workshop.server.run(f"systemctl start --no-block {job}")

    workshop.deploy(jobs=jobs, env={"A": "1"}).check()
    live = workshop.unit()
    run = workshop.deploy(jobs=jobs, env={"A": "2"})
    assert run.code != 0
    assert f"{job} is still at work in its slot" in run.output
    assert f"systemctl stop {job}" in run.output
    assert (workshop.state(job), workshop.unit()) == ("activating", live)

    workshop.deploy(jobs=jobs, deploy="deploys/rollback.py").check()
    assert (workshop.state(job), workshop.unit()) == ("activating", job.replace("job-grind.", ""))
    workshop.deploy("--data", "again=yes", jobs=jobs, env={"A": "1"}).check()
    workshop.server.run(f"systemctl stop {job}")
    workshop.deploy(jobs=jobs, env={"A": "2"}).check()
    assert workshop.answer()["environment"]["A"] == "2"

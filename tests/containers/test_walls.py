"""What a container can do and reach, seen from the inside by a command that is run in it."""

import json
import re
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop

pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.parametrize("apps_server", ["walls-12", "walls-13"], indirect=True, scope="session"),
]

OPEN, CLOSED = 7101, 7102
MEMORY = "/tmp"  # noqa: S108  # the container's own
LISTEN = "systemd-run --quiet --unit=service-{port} python3 -m http.server --bind 127.0.0.1 {port}"


@pytest.fixture(scope="module")
def fort(make_workshop: MakeWorkshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    secret = tmp_path_factory.mktemp("secrets") / "token"
    secret.write_text("hunter2")
    fort = make_workshop(
        "fort",
        env={"COLOUR": "a b%c"},
        secrets={"TOKEN": {"file": str(secret)}, "KEY": {"file": str(secret), "deliver": "credential"}},
        reach=[f"127.0.0.1:{OPEN}"],
        persistent=["app/data/"],
        container={"command": "python3 -u /app/main.py --port=$PORT --release=${GATEHOUSE_RELEASE}"},
    )
    fort.deploy().check()
    for port in (OPEN, CLOSED):
        fort.server.run(LISTEN.format(port=port))
    return fort


def told(fort: Workshop, *words: str) -> dict[str, Any]:
    command = f"command=python3 /app/tell.py {' '.join(words)}"
    said = fort.deploy("--data", command, deploy="deploys/run.py").check().output
    line = next(line for line in said.splitlines() if line.startswith("    | {"))
    found: dict[str, Any] = json.loads(line.removeprefix("    | "))
    return found


def test_a_command_in_it_is_what_the_app_is(fort: Workshop) -> None:
    found, answer = told(fort), fort.answer()
    assert found["uid"] == answer["uid"] == 1234
    assert found["at"] == "/app"
    assert found["credential"] == "hunter2"
    for name in ("TOKEN", "COLOUR", "GATEHOUSE_RELEASE", "STATE_DIRECTORY", "PATH", "PORT", "FROM_IMAGE"):
        assert found["environment"][name] == answer["environment"][name], name
    assert fort.server.run("ls -A /run/systemd/system").stdout == "", "expected nothing to stay"


def test_what_its_command_names_is_there(fort: Workshop) -> None:
    said = fort.server.run("pgrep -u app-fort -af '^python3 -u /app/main.py'").stdout
    release = fort.answer()["environment"]["GATEHOUSE_RELEASE"]
    assert said.split()[-2:] == ["--port=8000", f"--release={release}"]


MOST = 4.0
"""Of 10 by `systemd-analyze security`, which knows of what podman itself may do, and not of the container."""


def test_podman_is_held_as_far_as_it_can_be(fort: Workshop) -> None:
    said = fort.server.run(f"systemd-analyze security --no-pager {fort.unit()}").stdout
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert exposure is not None, said
    assert float(exposure[1]) <= MOST, said


def test_its_exit_code_is_the_runs(fort: Workshop) -> None:
    assert fort.deploy("--data", "command=sh -c 'exit 37'", deploy="deploys/run.py").code == 37


def test_it_is_one_user_of_the_machine_with_no_rights(fort: Workshop) -> None:
    found = told(fort)
    outside = fort.server.run("id -u app-fort").stdout.strip()
    assert found["map"][0::2] == ["1234", "1"], "expected one user, and no others of the machine's"
    assert found["status"] == {
        **{"CapBnd": "0000000000000000", "CapEff": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}
    }
    assert found["processes"] <= 3, "expected to see none of the machine's processes"
    group = f"/sys/fs/cgroup/system.slice/{fort.unit()}/cgroup.procs"
    owners = fort.server.run(f"sed 's,.*,/proc/&,' {group} | xargs stat -c %u", check=False)
    seen = set(owners.stdout.split())
    assert seen == {outside}, "expected all that runs it to be the app's user"
    assert fort.server.run("ls /etc/subuid /usr/bin/newuidmap", check=False).returncode != 0 or (
        "app-fort" not in fort.server.run("cat /etc/subuid").stdout
    )


def test_it_writes_where_it_may_and_nowhere_else(fort: Workshop) -> None:
    places = ("/", "/app", "/etc", MEMORY, "/var/lib/app-fort", "/app/data", "/srv/fort/persistent")
    assert told(fort, *places)["writes"] == {
        **{"/": False, "/app": False, "/etc": False, "/srv/fort/persistent": False},
        **{MEMORY: True, "/var/lib/app-fort": True, "/app/data": True},
    }
    assert fort.server.run("ls /srv/fort/persistent/*").stdout.split()[-1] == "written"


def test_it_reaches_what_every_app_does_and_nothing_else(fort: Workshop) -> None:
    own = str(fort.server.address)
    of_podman = "10.0.2.2" if fort.server.disk.debian == "12" else "169.254.1.2"
    closed = [
        f"{own}:22",
        "169.254.169.254:80",
        f"127.0.0.1:{CLOSED}",
        f"{of_podman}:22",
        f"{of_podman}:{CLOSED}",
    ]
    is_open = f"{'10.0.2.2' if fort.server.disk.debian == '12' else '127.0.0.1'}:{OPEN}"
    assert told(fort, *closed, is_open)["connects"] == dict.fromkeys(closed, False) | {is_open: True}


def test_its_secrets_are_seen_by_nobody_else(fort: Workshop) -> None:
    assert "hunter2" not in fort.server.run(f"systemctl show {fort.unit()}; ps axww").stdout
    look = "grep -rsl hunter2 /srv /etc /run/user /tmp /var/tmp /var/lib"
    files = fort.server.run(look, check=False).stdout.split()
    assert {file.rpartition("/")[0] for file in files} <= {
        f"/etc/gatehouse/secrets/fort/{slot}" for slot in "ab"
    }


def test_it_comes_back_after_a_reboot_and_a_crash(fort: Workshop) -> None:
    before = fort.answer()["pid"]
    fort.server.run(f"systemctl kill --kill-whom=all --signal=KILL {fort.unit()}")
    # Whoever asks waits at the port, which is held, until the server is there.
    assert fort.answer()["pid"] != before
    fort.server.reboot()
    assert fort.answer()["words"] == "first"
    assert fort.deploy().check().changed == []

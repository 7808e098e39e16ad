"""A unit that fails and is started again is told of, by nothing that it could have named itself."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import House, sites
from tests.lab import Lab
from tests.lab.waiting import until
from tests.outside.endpoints import Endpoint, endpoint

pytestmark = pytest.mark.lab

UNIT = """[Unit]
StartLimitIntervalSec=0
[Service]
Environment=PATH=/root/planted LD_PRELOAD=/root/planted/nothing.so
ExecStart=/usr/bin/sh -c 'exit {code}'
Restart=always
RestartSec=1
"""
PLANTED = "#!/bin/sh\ntouch /root/obeyed\n"


@pytest.fixture(scope="module", params=["12", pytest.param("13", marks=pytest.mark.slow)])
def house(request: pytest.FixtureRequest, lab: Lab) -> House:
    name = f"crashes-{request.param}"
    found = House.on(
        lab, lab.up(name, debian=request.param, furnished=True), apps={}, sites=sites(f"www.{name}.test")
    )
    found.deploy().check()
    return found


@pytest.fixture(scope="module")
def told(house: House) -> Iterator[Endpoint]:
    with endpoint(house.outside.own_address()) as found:
        alerts = {"webhook": {"url": found.url, "format": "ntfy"}}
        house.deploy(alerts=alerts).check()
        assert house.deploy(alerts=alerts).check().changed == []
        for name in ("systemctl", "sh", "journalctl", "grep"):
            plant = f"mkdir -p /root/planted; cat > /root/planted/{name}; chmod +x /root/planted/{name}"
            house.server.run(plant, stdin=PLANTED)
        yield found


def crash(house: House, name: str, code: int) -> None:
    unit = f"/etc/systemd/system/{name}.service"
    house.server.run(
        f"cat > {unit}; systemctl daemon-reload; systemctl start {name}", stdin=UNIT.format(code=code)
    )


def end(house: House, name: str) -> None:
    house.server.run(f"systemctl stop {name}; rm /etc/systemd/system/{name}.service; systemctl daemon-reload")


def test_it_is_told_and_runs_nothing_of_the_units(house: House, told: Endpoint) -> None:
    crash(house, "gatehouse-x-a", 7)
    assert told.next().headers["Title"].endswith("gatehouse-x-a.service failed")
    end(house, "gatehouse-x-a")
    assert house.server.run("test -e /root/obeyed", check=False).returncode != 0, (
        "root ran what the unit named"
    )


def test_what_ends_well_or_is_nobody_s_is_not_told(house: House, told: Endpoint) -> None:
    crash(house, "gatehouse-well-a", 0)
    crash(house, "others", 7)
    # What comes next is of the last one alone.
    crash(house, "gatehouse-y-a", 7)
    assert told.next().headers["Title"].endswith("gatehouse-y-a.service failed")
    for name in ("gatehouse-well-a", "others", "gatehouse-y-a"):
        end(house, name)
    assert told.posts.empty()


def test_nobody_else_s_words_are_taken_for_systemd_s(house: House, told: Endpoint) -> None:
    said = "MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c\nUNIT=nginx.service\n_PID=1\nMESSAGE=x\n"
    house.server.run("runuser -u nobody -- logger --journald", stdin=said)
    crash(house, "gatehouse-z-a", 7)
    assert told.next().headers["Title"].endswith("gatehouse-z-a.service failed")
    end(house, "gatehouse-z-a")
    assert told.posts.empty()


def test_what_fails_while_nobody_follows_is_told_later(house: House, told: Endpoint) -> None:
    house.server.run("systemctl stop gatehouse-failures.service", check=False)  # a newer systemd needs none
    crash(house, "gatehouse-v-a", 7)
    restarts = "systemctl show --property=NRestarts --value gatehouse-v-a"
    until(lambda: house.server.run(restarts).stdout != "0\n", within=60, otherwise="it never failed")
    house.server.run("systemctl stop gatehouse-v-a")
    house.server.run("systemctl start gatehouse-failures.service", check=False)
    assert told.next().headers["Title"].endswith("gatehouse-v-a.service failed")
    end(house, "gatehouse-v-a")
    assert told.posts.empty()


def test_a_run_starts_what_has_changed(house: House, told: Endpoint) -> None:
    unit = "/etc/systemd/system/gatehouse-failures.service"
    running = "tr '\\0' ' ' < /proc/$(systemctl show --value -p MainPID gatehouse-failures)/cmdline"
    if house.server.name == "crashes-13":
        assert house.server.run(f"test -e {unit}", check=False).returncode == 1, "systemd tells it itself"
        return
    before = house.server.run(running).stdout
    house.server.run(
        f"sed -i '/^ExecStart=/s/$/ former/' {unit}; systemctl daemon-reload; "
        "systemctl restart gatehouse-failures"
    )
    settings: dict[str, Any] = {"alerts": {"webhook": {"url": told.url, "format": "ntfy"}}}
    changed = house.deploy(**settings).check().changed
    assert "Watch: units" in changed
    assert house.server.run(running).stdout == before
    assert house.deploy(**settings).check().changed == []


def test_so_it_is_after_a_reboot(house: House, told: Endpoint) -> None:
    house.server.reboot()
    crash(house, "gatehouse-w-a", 7)
    assert told.next().headers["Title"].endswith("gatehouse-w-a.service failed")
    end(house, "gatehouse-w-a")

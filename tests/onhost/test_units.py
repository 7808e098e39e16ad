"""What systemd has of every unit that gatehouse writes: how it is held, and what it runs as whom."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploys.places import front
from deploys.proxies.caddy.onhost import places as caddy
from deploys.proxies.traefik.onhost import where as traefik
from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.provision import begun
from tests.proxies.none.behind import Behind, demo
from tests.proxies.stage import chosen_proxy

pytestmark = pytest.mark.lab

LOOK = Path(__file__).with_name("units_found.py").read_text()
BUILD = "gatehouse-demo-build.service"
OF_OTHERS = {"nginx.service", "nftables.service"}
"""The distribution's, in which gatehouse has its say on what is started, and leaves the rest as it is."""
UNITS = {
    *(
        "gatehouse-demo-X.service",
        "gatehouse-demo-X.process-tick.service",
        "gatehouse-demo-X.job-tidy.service",
    ),
    *("gatehouse-demo-X.hook-before.service", "gatehouse-demo-X.hook-after.service"),
    *("gatehouse-demo.port-N.service", "gatehouse-demo.port-N.socket", "gatehouse-demo-X.job-tidy.timer"),
    *("gatehouse.alert@demo.service", "gatehouse-firewall@demo.service", "gatehouse-watch.service"),
    *("gatehouse-watch.timer", "certbot.service"),
    *OF_OTHERS,
}
OF_PROXIES: dict[str, set[str]] = {
    "caddy": {caddy.UNIT},
    "traefik": {*traefik.UNITS},
    "none": {front.UNIT},
}
"""What each proxy has besides, in the place of Debian's nginx."""
MET_BY_CLIENTS = {caddy.UNIT, traefik.UNIT, traefik.PAGES_UNIT}
"""Who answers whoever asks, and is held as apps are."""
FAILURES = "gatehouse-failures.service"
"""What only a systemd before 254 needs."""
EXPORTED = re.compile(r"LANG=\S+|PATH=/[\w/:-]+")
OURS = {"", "REQUESTS_CA_BUNDLE=/etc/gatehouse/acme-ca.pem"}
PROGRAMS = ("/usr/local/lib/gatehouse/", "/usr/local/sbin/gatehouse")
"""Where the programs are that gatehouse has written itself."""
LIFTS = {"privileged", "no-setuid", "ambient"}


@dataclass(frozen=True)
class Units:
    """What systemd says, with a build at work and after it."""

    debian: str
    building: dict[str, Any]
    manager: str
    built: dict[str, dict[str, Any]]

    @property
    def of_apps(self) -> dict[str, dict[str, Any]]:
        return {name: unit for name, unit in self.built.items() if unit.get("User") == "app-demo"}

    @property
    def of_root(self) -> dict[str, dict[str, Any]]:
        return {name: unit for name, unit in self.built.items() if not unit.get("User")}


def look(house: House, *more: str) -> dict[str, Any]:
    done = house.server.run(f"python3 -I - {' '.join(more)}", stdin=LOOK)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def units(house: House) -> Iterator[Units]:
    changes = {
        "alerts": {"command": "/usr/local/bin/alert"},
        "apps": {
            "demo": {
                **house.settings["apps"]["demo"],
                "build": ["sh -c 'until test -e looked-at; do sleep 0.2; done'"],
                "env": {"LD_PRELOAD": "/var/lib/app-demo/x.so", "PYTHONPATH": "/var/lib/app-demo"},
                "processes": {"tick": "sleep infinity"},
                "jobs": {"tidy": {"command": "true", "schedule": "daily"}},
                "hooks": {"before": ["true"], "after": ["true"]},
            }
        },
    }
    try:
        yield _units(house, changes)
    finally:
        house.deploy().check()


def _units(house: House, changes: dict[str, Any]) -> Units:
    with begun({house.server.name: house.host_data | changes}) as run:
        until(
            lambda: house.server.run(f"systemctl is-active {BUILD}", check=False).returncode == 0,
            within=120,
            otherwise="the build does not begin",
        )
        building = look(house, BUILD)["units"][BUILD]
        code = house.server.run(f"systemctl show --value --property=WorkingDirectory {BUILD}").stdout.strip()
        house.server.run(f"runuser -u app-demo -- touch {code}/looked-at")
        run.ended().check()
    found = look(house)
    debian = house.server.run(". /etc/os-release; echo $VERSION_ID").stdout.strip()
    return Units(debian, building, found["manager"], found["units"])


def test_all_of_them_are_looked_at(units: Units) -> None:
    found = {re.sub(r"demo-[ab]", "demo-X", re.sub(r"port-\d+", "port-N", name)) for name in units.built}
    assert found == UNITS | ({FAILURES} if units.debian == "12" else set())
    assert {name for name in units.of_root if units.of_root[name]["commands"]} >= {"gatehouse-watch.service"}


def test_they_are_held(units: Units) -> None:
    assert not too_open({**units.built, BUILD: units.building}), _LOOSE
    assert units.of_apps


def too_open(units: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    """Find those that `systemd-analyze security` rates above 2.0, of apps and of proxies, or 3.0."""
    strict = {name for name, unit in units.items() if unit.get("User") == "app-demo"} - {BUILD}
    return {
        name: unit["score"]
        for name, unit in units.items()
        if name.endswith(".service") and name not in OF_OTHERS
        if unit["score"] is None or unit["score"] > (2.0 if name in strict | MET_BY_CLIENTS else 3.0)
    }


_LOOSE = "held too loosely, or not known to systemd-analyze"


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.slow) for name in OF_PROXIES])
def of_proxy(request: pytest.FixtureRequest, lab: Lab) -> tuple[str, dict[str, dict[str, Any]]]:
    """All units of a server with another proxy, on the oldest Debian, as its systemd holds the least."""
    server = lab.up(f"units-{request.param}", debian="12", furnished=True, nginx=False)
    if request.param == "none":
        house = Behind.on(lab, server, {"demo": demo("www.units-none.test")}).house
    else:
        house = House.on(lab, server, **chosen_proxy(lab, request.param))
    house.deploy().check()
    return request.param, look(house)["units"]


def test_those_of_each_proxy_are_held(of_proxy: tuple[str, dict[str, dict[str, Any]]]) -> None:
    proxy, units = of_proxy
    assert set(units) >= OF_PROXIES[proxy]
    if proxy == "none":
        # It has no certificates, so that certbot, were it there, is as Debian has it.
        del units["certbot.service"]
    assert not too_open(units), _LOOSE
    assert not {name: unit["open"] for name, unit in units.items() if unit["open"] and is_ours(name, unit)}, (
        "others than root can write on the way to it"
    )


def is_ours(name: str, unit: dict[str, Any]) -> bool:
    return name not in OF_OTHERS and unit.get("User") != "app-demo"


def test_a_build_is_the_apps_and_never_root_s(units: Units) -> None:
    assert units.building["User"] == "app-demo"
    assert not lifted(units.building)


def test_no_command_of_an_apps_unit_is_root_s(units: Units) -> None:
    assert units.of_apps
    found = {name: found for name, unit in units.of_apps.items() if (found := lifted(unit))}
    assert not found, "runs as more than the app's user"


def lifted(unit: dict[str, Any]) -> list[str]:
    return [each["argv"] for each in unit["commands"] if LIFTS & {*each["flags"].split()}]


def test_root_runs_what_nobody_else_can_change(units: Units) -> None:
    relative = [
        each["path"] for unit in units.built.values() for each in unit["commands"] if each["path"][0] != "/"
    ]
    assert not relative, "no absolute path"
    found = {name: unit["open"] for name, unit in units.of_root.items() if unit["open"]}
    assert not found, "others than root can write on the way to it"


def test_root_runs_it_in_an_environment_of_its_own(units: Units) -> None:
    exported = [line for line in units.manager.splitlines() if not EXPORTED.fullmatch(line)]
    assert not exported, "systemd gives all units more than a language and a PATH"
    for name, unit in units.of_root.items():
        assert unit.get("Environment", "") in OURS, f"{name} has variables of others: {unit['Environment']}"
        for kind in ("EnvironmentFiles", "PassEnvironment"):
            assert not unit.get(kind), f"{name} has {kind}={unit[kind]}"
        for program, line in unit["first"].items():
            if program.startswith(PROGRAMS):
                assert line == "#!/usr/bin/python3 -IB", f"{name}: {program} starts by {line}"

"""A server moves from one proxy to another, and back; one that does not serve leaves the former serving."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from deploys import remote
from deploys.base.onhost import owned
from deploys.proxies.table import PROXIES
from tests.house import House, sites
from tests.lab import Lab
from tests.provision import Run
from tests.proxies.stage import chosen_proxy

pytestmark = [pytest.mark.lab, pytest.mark.slow]

DOMAIN = "www.changing.test"
BROKEN = """#!/bin/sh
# Says and takes what Caddy would, and does not serve.
case $1 in
  version) echo v2.11.7 ;;
  validate) cat > /dev/null ;;
  run) echo "cannot serve today" >&2; exit 1 ;;
esac
"""


@pytest.fixture(scope="module")
def changing(lab: Lab) -> House:
    """A server that serves a file, by nginx."""
    found = House.on(lab, lab.up("changing", debian="13"), apps={}, sites=sites(DOMAIN))
    found.deploy().check()
    found.server.run("mkdir -p /srv/www && echo here > /srv/www/index.html")
    return found


def remains(house: House, name: str) -> dict[str, Any]:
    """List what there is of a proxy."""
    order = remote.run(owned, asdict(PROXIES[name].owned))
    said = house.server.run(order.get_raw_value(), stdin=str(order.connector_arguments["_stdin"])).stdout
    return {kind: found for kind, found in json.loads(said).items() if found}


def serves(house: House, name: str) -> None:
    """See that one proxy serves, now and after a reboot, and that there is nothing of any other."""
    unit = PROXIES[name].unit
    answer = house.outside.get("/")
    assert (answer.status_code, answer.text) == (200, "here\n")
    assert answer.headers["server"].lower() == name
    assert house.server.run(f"systemctl is-active {unit} && systemctl is-enabled {unit}").stdout.split() == [
        "active",
        "enabled",
    ]
    for other, proxy in PROXIES.items():
        if other != name:
            assert remains(house, other) == {}
            alive = house.server.run(f"systemctl is-active {proxy.unit}", check=False).stdout.strip()
            assert alive in {"inactive", "unknown"}, f"{proxy.unit} is {alive}"
            assert house.server.run(f"test -e /etc/systemd/system/{proxy.unit}.d", check=False).returncode


def move(house: House, lab: Lab, name: str) -> Run:
    return house.deploy(**chosen_proxy(lab, name))


HAVING_FILES = [name for name, proxy in PROXIES.items() if "sites.*.routes.*.files" not in proxy.lacks]


@pytest.mark.parametrize("name", [name for name in HAVING_FILES if name != "nginx"])
def test_a_server_moves_over_and_back(changing: House, lab: Lab, name: str) -> None:
    for there in (name, "nginx"):
        move(changing, lab, there).check()
        serves(changing, there)
        assert move(changing, lab, there).check().changed == []
    issued = changing.server.run(f"ls /etc/letsencrypt/archive/{DOMAIN}/cert*").stdout.split()
    assert len(issued) == 1, "a change of proxy has the same certificates"


def test_one_that_does_not_serve_leaves_the_former_serving(changing: House, lab: Lab, tmp_path: Path) -> None:
    move(changing, lab, "nginx").check()
    program = tmp_path / "caddy"
    program.write_text(BROKEN)
    run = changing.deploy(proxy="caddy", proxy_program={"file": str(program)})
    assert run.code != 0
    assert "cannot serve today" in run.output
    answer = changing.outside.get("/")
    assert (answer.status_code, answer.headers["server"].lower()) == (200, "nginx")
    enabled = "systemctl is-enabled nginx; systemctl is-enabled gatehouse-caddy"
    assert changing.server.run(enabled, check=False).stdout.split()[:1] == ["enabled"]
    changing.server.reboot()
    assert changing.outside.get("/").headers["server"].lower() == "nginx"
    move(changing, lab, "caddy").check()
    serves(changing, "caddy")

"""A server moves from each proxy to each other one; one that does not serve leaves the former serving."""

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploys import remote
from deploys.base.onhost import owned
from deploys.proxies.table import PROXIES
from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.outside.load import Load, Tally
from tests.provision import Run
from tests.proxies.stage import chosen_proxy

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50
OFTEN = 3
"""How many times what restarts of both lose a change may, beside a second of the load, as a machine is not
always as busy. Were something built or installed while nobody serves, it would be ten times that."""
SAYS = {"nginx": "nginx", "caddy": "caddy", "traefik": "none"}
"""What an answer tells of the proxy; Traefik has no name there."""
ROUND = [("nginx", "caddy"), ("caddy", "traefik"), ("traefik", "nginx")]
BACKWARDS = [("nginx", "traefik"), ("traefik", "caddy"), ("caddy", "nginx")]
MOVES = [*ROUND, *(pytest.param(*move, marks=pytest.mark.newest) for move in BACKWARDS)]
"""All that there are, in an order in which each begins where the one before it ended. On the oldest Debian
those backwards are with a release alone."""
CANNOT = "cannot serve today"
CADDY = f"""#!/bin/sh
# Says and takes what Caddy would, and does not serve.
case $1 in
  version) echo v2.11.7 ;;
  validate) cat > /dev/null ;;
  run) echo "{CANNOT}" >&2; exit 1 ;;
esac
"""
TRIED = "/usr/local/bin/traefik-to-be-tried"
TRAEFIK = f"""#!/bin/sh
# Is tried as Traefik is, and does not serve.
case $* in
  version) echo "Version: 3.7.15" ;;
  *trial*) exec {TRIED} "$@" ;;
  *) echo "{CANNOT}" >&2; exit 1 ;;
esac
"""
DROP_IN = "/run/systemd/system/nginx.service.d"


@pytest.fixture(scope="module", params=["13", "12"], ids=lambda release: f"debian-{release}")
def changing(request: pytest.FixtureRequest, lab: Lab) -> House:
    """A server with the demo app, by nginx."""
    found = House.on(lab, lab.up(f"changing-{request.param}", debian=request.param))
    found.deploy().check()
    return found


def remains(house: House, name: str) -> dict[str, Any]:
    """List what there is of a proxy."""
    order = remote.run(owned, asdict(PROXIES[name].owned))
    said = house.server.run(order.get_raw_value(), stdin=str(order.connector_arguments["_stdin"])).stdout
    return {kind: found for kind, found in json.loads(said).items() if found}


def states(house: House, name: str) -> list[str]:
    """Say whether a proxy runs, and whether it would after a reboot."""
    unit = PROXIES[name].unit
    return house.server.run(
        f"systemctl is-active {unit}; systemctl is-enabled {unit}", check=False
    ).stdout.split()


def goes_on(house: House, name: str) -> list[str]:
    """List what of a proxy runs, or is tried again, or would run after a reboot."""
    found = PROXIES[name].owned
    listing = ("--plain --no-legend --full", *map(shlex.quote, (*found.units, *found.packaged)))
    running = f"systemctl list-units --state=active,activating {' '.join(listing)}"
    enabled = f"systemctl list-unit-files --state=enabled {' '.join(listing)}"
    lines = house.server.run(f"{running}; {enabled}", check=False).stdout.splitlines()
    return sorted({line.split()[0] for line in lines if line.strip()})


def answers(house: House, name: str) -> None:
    """See that it is one proxy that answers for the app."""
    answer = house.outside.get("/echo")
    assert answer.status_code == 200, answer.text
    assert answer.headers.get("server", "none").lower() == SAYS[name]
    assert states(house, name) == ["active", "enabled"]


def serves(house: House, name: str) -> None:
    """See that one proxy serves, and that there is nothing of any other."""
    answers(house, name)
    for other in PROXIES:
        if other != name:
            assert remains(house, other) == {}
            assert states(house, other)[0] in {"inactive", "unknown"}
            drop_ins = f"test -e /etc/systemd/system/{PROXIES[other].unit}.d"
            assert house.server.run(drop_ins, check=False).returncode


def lost(tally: Tally) -> int:
    """Count the requests that failed, of those that begin at a steady rate."""
    return sum(not failure.startswith("WebSocket") for failure in tally.failures)


def lost_by_a_restart(house: House, load: Load, name: str) -> int:
    """Count what a restart of a proxy costs, as it is this hour on this machine."""
    load.so_far()
    house.server.run(f"systemctl restart {PROXIES[name].unit}")
    until(lambda: is_served(house), within=60, otherwise=f"{name} does not come back from its restart")
    return lost(load.so_far())


def is_served(house: House) -> bool:
    try:
        return house.outside.get("/echo").status_code == 200
    except httpx.TransportError:
        return False


def move(house: House, lab: Lab, name: str, **changes: Any) -> Run:
    return house.deploy(**chosen_proxy(lab, name), **changes)


@pytest.mark.parametrize(("former", "name"), MOVES)
def test_a_server_moves_over(changing: House, lab: Lab, former: str, name: str) -> None:
    move(changing, lab, former).check()
    move(changing, lab, name).check()
    serves(changing, name)
    assert move(changing, lab, name).check().changed == []
    issued = changing.server.run(f"ls /etc/letsencrypt/archive/{changing.domain}/cert*").stdout.split()
    assert len(issued) == 1, "a change of proxy has the same certificates"


@pytest.mark.parametrize(("former", "name"), BACKWARDS)
def test_a_release_comes_along(changing: House, lab: Lab, former: str, name: str) -> None:
    move(changing, lab, former).check()
    version = f"since-{name}"
    apps = {"demo": {**changing.settings["apps"]["demo"], "env": {"DEMO_VERSION": version}}}
    with Load(changing.outside, RATE).running() as load:
        at_rest = load.enough()
        by_the_former = lost_by_a_restart(changing, load, former)
        load.enough()
        move(changing, lab, name, apps=apps).check()
        meanwhile = load.so_far()
        afterwards = load.enough()
        by_the_new = lost_by_a_restart(changing, load, name)
    assert at_rest.failures == [], str(at_rest)
    assert afterwards.failures == [], str(afterwards)
    most = OFTEN * (by_the_former + by_the_new) + RATE
    assert lost(meanwhile) <= most, (
        f"from {former} to {name}: {meanwhile}; restarts of them lost {by_the_former} and {by_the_new}"
    )
    assert changing.app()["version"] == version
    serves(changing, name)


@contextmanager
def broken_caddy(_house: House, _lab: Lab, folder: Path) -> Iterator[dict[str, Any]]:
    (folder / "caddy").write_text(CADDY)
    yield {"proxy": "caddy", "proxy_program": {"file": str(folder / "caddy")}}


@contextmanager
def broken_traefik(house: House, lab: Lab, folder: Path) -> Iterator[dict[str, Any]]:
    move(house, lab, "traefik").check()
    house.server.run(f"cp /opt/gatehouse/traefik-*/traefik {TRIED}")
    (folder / "traefik").write_text(TRAEFIK)
    try:
        yield {"proxy": "traefik", "proxy_program": {"file": str(folder / "traefik")}}
    finally:
        house.server.run(f"rm {TRIED}")


@contextmanager
def broken_nginx(house: House, _lab: Lab, _folder: Path) -> Iterator[dict[str, Any]]:
    drop_in = f"[Service]\nExecStartPre=/bin/sh -c 'echo {CANNOT} >&2; exit 1'\n"
    house.server.run(f"mkdir -p {DROP_IN} && cat > {DROP_IN}/broken.conf", stdin=drop_in)
    house.server.run("systemctl daemon-reload")
    try:
        yield {"proxy": "nginx"}
    finally:
        house.server.run(f"rm -rf {DROP_IN} && systemctl daemon-reload")


BROKEN: dict[str, Callable[[House, Lab, Path], Any]] = {
    "caddy": broken_caddy,
    "traefik": broken_traefik,
    "nginx": broken_nginx,
}


@pytest.mark.parametrize(("former", "name"), MOVES)
def test_one_that_does_not_serve_leaves_the_former_serving(
    changing: House, lab: Lab, tmp_path: Path, former: str, name: str
) -> None:
    with BROKEN[name](changing, lab, tmp_path) as chosen:
        move(changing, lab, former).check()
        run = changing.deploy(**chosen)
        assert run.code != 0
        assert CANNOT in run.output
        answers(changing, former)
        assert goes_on(changing, name) == []
        changing.server.reboot()
        answers(changing, former)
    move(changing, lab, former).check()
    serves(changing, former)
    move(changing, lab, name).check()
    serves(changing, name)

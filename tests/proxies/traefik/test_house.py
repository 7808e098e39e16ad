"""A server with Traefik as its users have it: releases, certificates, and every command."""

import re

import pytest

from deploys.proxies.traefik.onhost import where
from tests.bench import releases
from tests.house import House
from tests.outside.load import Load
from tests.outside.proofs import PROOFS

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50


def test_all_that_users_count_on(house: House) -> None:
    for proof in PROOFS:
        assert proof(house.outside)


def test_a_rerun_changes_nothing(house: House) -> None:
    assert house.deploy().check().changed == []


def test_no_request_is_lost(house: House) -> None:
    with Load(house.outside, RATE).running() as load:
        load.enough()
        releases.deploys(house, 2)
        deployed = load.enough()
        releases.roll_back(house, 1)
        rolled_back = load.enough()
        house.deploy(deploy="deploys/renew.py").check()
        renewed = load.enough()
    assert deployed.failures == [], str(deployed)
    assert len(deployed.processes) == 3
    assert rolled_back.failures == [], str(rolled_back)
    assert renewed.failures == [], str(renewed)
    house.deploy().check()


def test_a_renewed_certificate_is_served(house: House) -> None:
    before = house.outside.certificate()["serialNumber"]
    house.deploy(deploy="deploys/renew.py").check()
    assert house.outside.certificate()["serialNumber"] != before


def test_every_command(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for deploy in ("status", "forget"):
        house.deploy(deploy=f"deploys/{deploy}.py").check()
    monkeypatch.setenv("SSL_CERT_FILE", str(house.outside.roots))
    house.deploy(deploy="deploys/verify.py", client=house.lab.client("controller")).check()
    house.outside.get("/no-such-anvil/7?secret=1")
    output = house.deploy(deploy="deploys/report.py").check().output
    assert re.search(rf"404 GET {house.domain}/no-such-anvil/:id$", output, re.M), output
    assert "secret" not in output


def test_a_log_that_is_rotated_goes_on(house: House) -> None:
    house.server.run(f"logrotate --force {where.LOGROTATE}")
    house.outside.get("/after-the-rotation")
    assert house.server.run(f"grep -c after-the-rotation {where.LOGS}/access.log").stdout.strip() == "1"


def test_a_log_that_clients_fill_is_rotated_within_minutes(house: House) -> None:
    log = f"{where.LOGS}/access.log"
    house.server.run(f"yes '{{}}' | head -c 110M >> {log}")
    assert house.server.run(f"systemctl is-active {where.LOGS_TIMER}").stdout.strip() == "active"
    house.server.run(f"systemctl start {where.LOGS_UNIT}")
    house.outside.get("/after-it-was-full")
    assert int(house.server.run(f"stat -c %s {log}").stdout) < 1_000_000
    assert house.server.run(f"grep -c after-it-was-full {log}").stdout.strip() == "1"


def test_no_app_reaches_what_is_root_s(house: House) -> None:
    for port in (where.API_PORT, where.PAGES_PORT):
        code = f"import socket; socket.create_connection(({where.LOOPBACK!r}, {port}), 5)"
        house.server.run(f"python3 -c {code!r}")
        done = house.server.run(f"runuser -u app-demo -- python3 -c {code!r}", check=False)
        assert "ConnectionRefusedError" in done.stderr or "ConnectionResetError" in done.stderr, done.stderr
    code = f"import socket; socket.create_server(({where.LOOPBACK!r}, 885))"
    done = house.server.run(f"runuser -u app-demo -- python3 -c {code!r}", check=False)
    assert "PermissionError" in done.stderr

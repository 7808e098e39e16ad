"""A server with another proxy than nginx, as its users have it: releases, certificates, and every command."""

import re
from typing import Any

import pytest

from deploys.proxies.caddy.onhost import places
from deploys.proxies.traefik.onhost import where
from tests.bench import releases
from tests.house import House
from tests.outside.load import Load
from tests.outside.proofs import PROOFS

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RATE = 50
LOGS = {
    "caddy": (places.LOGROTATE, places.ACCESS_LOG),
    "traefik": (where.LOGROTATE, f"{where.LOGS}/access.log"),
}
"""What rotates the access log, and where that is."""


def test_all_that_users_count_on(routed: House) -> None:
    for proof in PROOFS:
        assert proof(routed.outside)


def test_a_rerun_changes_nothing(routed: House) -> None:
    assert routed.deploy().check().changed == []


def test_no_request_is_lost(routed: House) -> None:
    with Load(routed.outside, RATE).running() as load:
        load.enough()
        releases.deploys(routed, 2)
        deployed = load.enough()
        releases.roll_back(routed, 1)
        rolled_back = load.enough()
        routed.deploy(deploy="deploys/renew.py").check()
        renewed = load.enough()
    routed.deploy().check()
    assert deployed.failures == [], str(deployed)
    assert len(deployed.processes) == 3
    assert rolled_back.failures == [], str(rolled_back)
    # As it reloads, Caddy closes connections that are idle: what was just being sent by one is not begun.
    reloads_idle = "IncompleteReadError: 0 bytes read" if routed.settings["proxy"] == "caddy" else "nothing"
    assert [failure for failure in renewed.failures if reloads_idle not in failure] == [], str(renewed)


def test_a_renewed_certificate_is_served(routed: House) -> None:
    before = routed.outside.certificate()["serialNumber"]
    routed.deploy(deploy="deploys/renew.py").check()
    assert routed.outside.certificate()["serialNumber"] != before


def test_status_and_verify_find_all_well(routed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    routed.deploy(deploy="deploys/status.py").check()
    monkeypatch.setenv("SSL_CERT_FILE", str(routed.outside.roots))
    routed.deploy(deploy="deploys/verify.py", client=routed.lab.client("controller")).check()


def test_the_report_tells_what_was_asked(routed: House) -> None:
    """Of the log that is written, of the one that was put aside, and of the one that is packed."""
    rotation, _ = LOGS[routed.settings["proxy"]]
    for number in range(3):
        routed.outside.get(f"/no-such-anvil/{number}?secret=1")
        if number < 2:
            routed.server.run(f"logrotate --force {rotation}")
    unit = routed.server.run(
        "systemctl list-units --plain --no-legend --state=active 'gatehouse-demo-?.service'"
    ).stdout.split()[0]
    routed.server.run(f"systemctl stop {unit}")
    try:
        answer = routed.outside.get("/anvils/9")
    finally:
        routed.server.run(f"systemctl start {unit}")
    assert answer.status_code == 502
    output = routed.deploy("--data", f"site={routed.domain}", deploy="deploys/report.py").check().output
    assert re.search(rf"^{routed.domain} +\d+ +\d+", output, re.M), output
    assert re.search(rf"^3 +404 GET {routed.domain}/no-such-anvil/:id$", output, re.M), output
    identified = answer.headers.get("x-request-id", "")
    assert re.search(rf"^1 +502 .*{identified} +GET {routed.domain}/anvils/:id$", output, re.M), output
    assert "secret" not in output


def test_a_maintenance_and_its_end(routed: House) -> None:
    for word, status in (("on", 503), ("off", 200)):
        routed.deploy("--data", f"maintenance={word}", deploy="deploys/maintenance.py").check()
        assert routed.outside.get("/echo").status_code == status
    assert routed.deploy().check().changed == []


def test_an_app_is_forgotten_once_nothing_is_sent_to_it(routed: House) -> None:
    proxy, (site, is_routed) = routed.settings["proxy"], next(iter(routed.settings["sites"].items()))
    demo = routed.settings["apps"]["demo"]
    with_spare: dict[str, Any] = {
        "apps": {"demo": demo, "spare": {**demo, "drain": 2}},
        "sites": {
            site: {
                **is_routed,
                "routes": {**is_routed["routes"], "/spare/": {"app": "spare", "prefix": "/spare"}},
            }
        },
    }
    routed.deploy(**with_spare).check()
    assert routed.outside.get("/spare/health").status_code == 200
    assert routed.deploy(deploy="deploys/forget.py", **with_spare).check().changed == []
    refused = routed.deploy(deploy="deploys/forget.py")
    assert refused.code != 0
    assert f"spare: not removed, {proxy} still sends requests to it" in refused.output, refused.output
    assert routed.outside.get("/spare/health").status_code == 200
    routed.deploy().check()
    assert routed.deploy(deploy="deploys/forget.py").check().changed == ["App spare: remove"]
    assert routed.server.run("getent passwd app-spare", check=False).stdout == ""
    assert routed.outside.get("/echo").status_code == 200
    assert routed.deploy().check().changed == []


def test_a_log_that_is_rotated_goes_on(routed: House) -> None:
    rotation, log = LOGS[routed.settings["proxy"]]
    routed.outside.get("/before-the-rotation")
    routed.server.run(f"logrotate --force {rotation}")
    routed.outside.get("/after-the-rotation")
    assert routed.server.run(f"grep -c after-the-rotation {log}").stdout.strip() == "1"
    assert routed.server.run(f"grep -c before-the-rotation {log}", check=False).stdout.strip() == "0"

"""deploys/report.py on a server that was asked for something, and whose logs were rotated since."""

import re

import pytest

from tests.house import House

pytestmark = pytest.mark.lab


def test_the_report_tells_what_was_asked(house: House) -> None:
    with house.outside.client() as client:
        for _ in range(40):
            house.outside.send(client, "GET", "/no-such-anvil/7?secret=1")
    for _ in range(2):  # the second one packs what the first one put aside
        house.server.run("logrotate --force /etc/logrotate.d/nginx")
    house.outside.get("/no-such-anvil/8")
    unit = house.server.run(
        "systemctl list-units --plain --no-legend --state=active 'gatehouse-demo-?.service'"
    ).stdout.split()[0]
    house.server.run(f"systemctl stop {unit}")
    try:
        answer = house.outside.get("/anvils/9")
    finally:
        house.server.run(f"systemctl start {unit}")
    assert answer.status_code == 502

    output = house.deploy("--data", f"site={house.domain}", deploy="deploys/report.py").check().output
    assert re.search(rf"^{house.domain} +\d+ +\d+", output, re.M), output
    assert re.search(rf"^41 +404 GET {house.domain}/no-such-anvil/:id$", output, re.M), output
    request = answer.headers["x-request-id"]
    assert re.search(rf"^1 +502 .* {request} +GET {house.domain}/anvils/:id$", output, re.M), output
    assert "secret" not in output

    run = house.deploy("--data", "since=soon", deploy="deploys/report.py")
    assert run.code != 0
    assert "since: 'soon': write minutes, hours or days" in run.output
    assert "Traceback" not in run.output

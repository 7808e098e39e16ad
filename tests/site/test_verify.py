"""deploys/verify.py on a machine of its own, which has the lab's names and trusts the lab's CA."""

import re

import pytest

from tests.house import House
from tests.lab.clients import Client
from tests.provision import Run

pytestmark = pytest.mark.lab


@pytest.fixture
def controller(house: House, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("SSL_CERT_FILE", str(house.outside.roots))
    return house.lab.client("controller")


def verify(house: House, controller: Client) -> Run:
    return house.deploy(deploy="deploys/verify.py", client=controller)


def test_a_provisioned_server_holds_what_is_claimed(house: House, controller: Client) -> None:
    output = verify(house, controller).check().output
    address = house.server.address
    assert f"✓ {house.domain} at {address} is this server" in output
    assert "days left, from Pebble" in output
    assert f"✓ https://{house.domain}/ answers" in output
    assert "✗" not in output


def test_what_is_wrong_is_told_beside_what_is_right(
    house: House, controller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = house.settings["sites"][house.domain]["aliases"][0]
    house.lab.set_name(alias, str(controller.address))
    monkeypatch.delenv("SSL_CERT_FILE")
    units = "gatehouse-demo-a.service gatehouse-demo-b.service"
    running = house.server.run(f"systemctl is-active {units}", check=False).stdout.split()
    (unit,) = [unit for unit, state in zip(units.split(), running, strict=True) if state == "active"]
    house.server.run(f"systemctl stop {unit}")
    try:
        run = verify(house, controller)
    finally:
        house.server.run(f"systemctl start {unit}")
        house.lab.set_name(alias, str(house.server.address))
    told = dict(re.findall(r"✗ (.*?)  +(.*)", run.output))
    assert run.code != 0
    assert "the connection is refused" in told[f"{alias} at {controller.address} is this server"]
    here = f"{house.domain} at {house.server.address}"
    assert "unable to get local issuer" in told[f"{here} has a certificate that is trusted"]
    assert "status 502" in told[f"https://{house.domain}/ answers"]
    assert f"✓ http://{here} redirects to https://" in run.output
    assert f"{len(told)} of " in run.output
    assert "Traceback" not in run.output

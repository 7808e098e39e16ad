"""A server moves from nginx to no proxy, and back."""

from typing import Any

import pytest

from tests.house import House
from tests.lab import Lab
from tests.proxies.none.asked import CUT_OFF
from tests.proxies.none.behind import PORT, Behind, demo

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.mark.parametrize("debian", ["13", "12"])
def test_over_and_back(lab: Lab, debian: str) -> None:
    server = lab.up(f"moving-{debian}", debian=debian)
    house = House.on(lab, server)
    behind = Behind.on(lab, server, {"demo": demo(house.domain)})
    house.deploy().check()
    assert house.app()["scheme"] == "https"
    for _ in range(2):
        behind.deploy().check()
        assert behind.deploy().check().changed == []
        said: dict[str, Any] = behind.ask("/echo", "X-Forwarded-For", "203.0.113.66")["said"]
        assert said["client"] == "203.0.113.66"
        assert behind.ask(of=behind.stranger) == {"status": CUT_OFF}
        assert behind.server.attempt("systemctl is-active nginx").stdout.strip() == "inactive"
        refused = behind.deploy(deploy="deploys/rollback.py")
        assert refused.code != 0
        assert "and a load balancer before it; set the former again" in refused.output
        house.deploy().check()
        assert house.deploy().check().changed == []
        assert house.app()["client"] == str(server.subnet.address(1))
        assert behind.ask(port=PORT) == {"status": CUT_OFF}
        gone = "systemctl is-active gatehouse-front; nft list table inet gatehouse_front"
        assert behind.server.attempt(gone).stdout.strip() == "inactive"
        assert behind.server.run("cat /proc/sys/net/ipv4/conf/all/route_localnet").stdout.strip() == "0"

from typing import Any

import pytest

from tests.house import House
from tests.lab import Lab
from tests.lab.programs import program
from tests.proxies.stage import Stage

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
    "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
    "proxy": "traefik",
}


@pytest.fixture(scope="session")
def stage(lab: Lab) -> Stage:
    """A server with Traefik, and an app in both slots; each test leaves slot a with the traffic."""
    settings = {**SETTINGS, "proxy_program": {"file": str(program(lab.layout, "traefik"))}}
    made = Stage.on(lab, "traefik", "13", settings)
    made.deploy().check()
    made.put_apps({"shop-a": 20100, "shop-b": 20101})
    return made


@pytest.fixture(scope="session")
def house(lab: Lab) -> House:
    """A server on which all is as a user has it, but for the proxy."""
    with_traefik = {"proxy": "traefik", "proxy_program": {"file": str(program(lab.layout, "traefik"))}}
    made = House.on(lab, lab.up("routed", debian="13"), **with_traefik)
    made.deploy().check()
    return made

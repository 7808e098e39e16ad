from typing import Any

import pytest

from tests.debians import BOTH
from tests.lab import Lab
from tests.proxies.stage import Stage, chosen_proxy

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
    "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
}


@pytest.fixture(scope="session", params=BOTH, ids=lambda release: f"debian-{release}")
def stage(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    """A server with Traefik, and an app in both slots; each test leaves slot a with the traffic."""
    settings = {**SETTINGS, **chosen_proxy(lab, "traefik")}
    made = Stage.on(lab, f"faulty-traefik-{request.param}", request.param, settings)
    made.deploy().check()
    made.put_apps({"shop-a": 20100, "shop-b": 20101})
    return made

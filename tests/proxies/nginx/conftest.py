from typing import Any

import pytest

from tests.lab import Lab
from tests.proxies.stage import Stage

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
    "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
}


@pytest.fixture(scope="session")
def faulty(lab: Lab) -> Stage:
    """A server to break things on; each test leaves it serving."""
    stage = Stage.on(lab, "faulty", "13", SETTINGS)
    stage.deploy().check()
    stage.put_apps({"shop": 20100})
    return stage

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.wire import Request
from tests.debians import BOTH
from tests.lab import Lab
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
    "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
}


@pytest.fixture(scope="session", params=BOTH, ids=lambda release: f"debian-{release}")
def faulty(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    """A server to break things on; each test leaves it serving."""
    stage = Stage.on(lab, f"faulty-nginx-{request.param}", request.param, SETTINGS)
    stage.deploy().check()
    stage.put_apps({"shop": 20100})
    return stage


@pytest.fixture
def stage(faulty: Stage) -> Iterator[Stage]:
    """The server, which has its first configuration again afterwards."""
    yield faulty
    make_live(faulty, faulty.render())
    assert faulty.wire.send(Request("/x")).status == 200
    assert faulty.server.run("nginx -t").stderr.count("successful") == 1


@pytest.fixture
def snippet(tmp_path: Path) -> Path:
    return tmp_path / "mine.conf"

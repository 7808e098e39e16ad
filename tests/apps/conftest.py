"""One server for all tests of apps, each with an app of its own name on it."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from deploys.config.apps import ServerName
from tests.apps.workshop import Workshop
from tests.house import House
from tests.lab import Lab, Server

FRONT = "front"
MakeWorkshop = Callable[..., Workshop]


@pytest.fixture(scope="session")
def apps_server(lab: Lab) -> Server:
    """The oldest Debian that is supported, since its systemd knows the least."""
    return lab.up("apps", debian="12")


@pytest.fixture(scope="session")
def make_workshop(lab: Lab, apps_server: Server, tmp_path_factory: pytest.TempPathFactory) -> MakeWorkshop:
    def make(name: str, **settings: Any) -> Workshop:
        port = 10000 + 2 * (zlib.crc32(name.encode()) % 4000)
        return Workshop(lab, apps_server, Path(tmp_path_factory.mktemp(name)), name, port, settings)

    return make


@pytest.fixture(scope="session")
def shop(make_workshop: MakeWorkshop) -> Workshop:
    """An app that is released and serves."""
    shop = make_workshop("shop")
    shop.deploy().check()
    return shop


@dataclass(frozen=True)
class Front:
    """The demo app once for each of some ASGI servers, each under a prefix on one site."""

    house: House
    servers: tuple[str, ...]


@pytest.fixture(
    scope="session",
    params=[("uvicorn", "hypercorn"), pytest.param(get_args(ServerName), marks=pytest.mark.slow)],
    ids=["usual", "all"],
)
def front(request: pytest.FixtureRequest, lab: Lab) -> Front:
    """Some servers, and FastAPI's own cases."""
    demo = {"source": "tests/demo", "asgi": "demo.main:app", "health": {"path": "/health"}, "drain": 5}
    case = {"source": "tests/apps/cases", "drain": 5}
    house = House.on(
        lab,
        lab.up(FRONT, debian="13"),
        apps={
            **{name: demo | {"server": name} for name in request.param},
            "documented": case | {"asgi": "documented:app", "health": {"path": "/health"}},
            "carries": case | {"asgi": "carries:app", "health": {"path": "/carries/v1/health"}},
        },
        sites={
            f"www.{FRONT}.test": {
                "routes": {
                    "/carries/v1/": {"app": "carries"},
                    "/public/": {"files": "demo/static", "release_of": "uvicorn"},
                    **{
                        f"/{name}/v1/": {"app": name, "prefix": f"/{name}/v1"}
                        for name in (*request.param, "documented")
                    },
                }
            }
        },
    )
    house.deploy().check()
    assert house.deploy().check().changed == []
    return Front(house, request.param)

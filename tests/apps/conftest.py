"""Servers for the tests of apps: one for each module, so that none of them rests on what another has left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, get_args

import pytest

from deploys.config.app_servers import WSGI_SERVERS, ServerName
from tests.apps.workshop import Workshop
from tests.house import House
from tests.lab import Lab, Server
from tests.proxies.stage import PROXYING, chosen_proxy

MakeWorkshop = Callable[..., Workshop]


@pytest.fixture(scope="module", params=["12", pytest.param("13", marks=pytest.mark.slow)])
def apps_server(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Server]:
    """The oldest Debian that is supported, since its systemd knows the least; then the newest."""
    module = request.module.__name__.rpartition(".test_")[2].replace("_", "-")
    server = lab.up(f"{module}-{request.param}", debian=request.param, furnished=True, nginx=False)
    yield server
    lab.down(server.name)


@pytest.fixture(scope="module")
def make_workshop(lab: Lab, apps_server: Server, tmp_path_factory: pytest.TempPathFactory) -> MakeWorkshop:
    def make(name: str, **settings: Any) -> Workshop:
        return Workshop.of(lab, apps_server, tmp_path_factory.mktemp(name), name, settings)

    return make


@pytest.fixture(scope="module")
def shop(make_workshop: MakeWorkshop) -> Workshop:
    """An app that is released and serves."""
    shop = make_workshop("shop")
    shop.deploy().check()
    return shop


@dataclass(frozen=True)
class Front:
    """The demo app once for each of some servers, each under a prefix on one site."""

    house: House
    proxy: str
    servers: tuple[str, ...]
    """The ASGI servers, each of which runs an app of its name."""
    wsgi: tuple[str, ...]
    """The apps of WSGI servers."""
    serves_files: bool
    """Whether the proxy serves a folder of the release."""

    @property
    def apps(self) -> tuple[str, ...]:
        return (*self.servers, *self.wsgi)


SOME = (("uvicorn", "hypercorn"), ("gunicorn",))
ALL = (get_args(ServerName), WSGI_SERVERS)
PLACES = [*product(PROXYING, ("13",)), ("nginx", "12")]
"""Each proxy on a Debian: that of nginx is its own, and is another one on another."""
AGAIN = [(proxy, "12") for proxy in PROXYING if proxy != "nginx"]
"""The same programs as on the other, under another systemd: enough to see that some servers are reached."""


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(("nginx", "13", *SOME), id="usual"),
        *(
            pytest.param((*place, *servers), id="-".join(place), marks=pytest.mark.slow)
            for places, servers in ((PLACES, ALL), (AGAIN, SOME))
            for place in places
        ),
    ],
)
def front(request: pytest.FixtureRequest, lab: Lab) -> Front:
    """Some servers behind each proxy, and FastAPI's own cases."""
    proxy, debian, servers, wsgi_servers = request.param
    serves_files = not any(key.endswith(".files") for key in PROXYING[proxy].lacks)
    files = {"/public/": {"files": "demo/static", "release_of": "uvicorn"}} if serves_files else {}
    name = f"front-{proxy}-{debian}-of-{len(servers)}"
    demo = {"source": "tests/demo", "asgi": "demo.main:app", "health": {"path": "/health"}, "drain": 5}
    wsgi = {
        "source": "tests/demo_wsgi",
        "wsgi": "demo_wsgi:app",
        "health": {"path": "/health"},
        "drain": 5,
    }
    case = {"source": "tests/apps/cases", "drain": 5}
    house = House.on(
        lab,
        lab.up(name, debian=debian, furnished=True, nginx=proxy == "nginx"),
        **chosen_proxy(lab, proxy),
        max_header="32k",
        apps={
            **{server: demo | {"server": server} for server in servers},
            **{f"wsgi-{server}": wsgi | {"server": server} for server in wsgi_servers},
            "documented": case | {"asgi": "documented:app", "health": {"path": "/health"}},
            "carries": case | {"asgi": "carries:app", "health": {"path": "/carries/v1/health"}},
        },
        sites={
            f"www.{name}.test": {
                "routes": {
                    "/carries/v1/": {"app": "carries"},
                    **files,
                    **{
                        f"/{app}/v1/": {"app": app, "prefix": f"/{app}/v1"}
                        for app in (*servers, *(f"wsgi-{server}" for server in wsgi_servers), "documented")
                    },
                }
            }
        },
    )
    house.deploy().check()
    assert house.deploy().check().changed == []
    wsgi_apps = tuple(f"wsgi-{server}" for server in wsgi_servers)
    return Front(house, proxy, servers, wsgi_apps, serves_files=serves_files)

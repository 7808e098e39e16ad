"""Each way in which an app knows its prefix, on each server: by its routes, by itself, or not at all."""

from typing import Any, get_args

import pytest

from deploys.config.app_servers import ServerName
from tests.apps.conftest import PLACES
from tests.apps.prefixed import assert_as_documented, assert_carries
from tests.house import House
from tests.lab import Lab
from tests.proxies.stage import chosen_proxy

pytestmark = [pytest.mark.lab, pytest.mark.slow]

STAGING = "https://staging.example.com"


@pytest.fixture(scope="module", params=PLACES, ids="-".join)
def house(request: pytest.FixtureRequest, lab: Lab) -> House:
    proxy, debian = request.param
    server = lab.up(f"styles-{proxy}-{debian}", debian=debian, furnished=True, nginx=proxy == "nginx")
    return House.on(lab, server, **chosen_proxy(lab, proxy), **styled("uvicorn"))


def styled(server: ServerName) -> dict[str, Any]:
    """Say that each of the apps is run by a server."""
    case = {"source": "tests/apps/cases", "drain": 2, "server": server, "health": {"path": "/health"}}
    apps = {
        "documented": case | {"asgi": "documented:app"},
        "unlisted": case | {"asgi": "documented:unlisted"},
        "unknowing": case | {"asgi": "documented:unknowing"},
        "carries": case | {"asgi": "carries:app", "health": {"path": "/carries/v1/health"}},
    }
    routes: dict[str, Any] = {
        f"/{app}/v1/": {"app": app} | ({} if app == "carries" else {"prefix": f"/{app}/v1"}) for app in apps
    }
    return {"apps": apps, "sites": {"styles.test": {"routes": routes}}}


@pytest.mark.parametrize("server", get_args(ServerName))
def test_every_style(house: House, server: ServerName) -> None:
    house.deploy(**styled(server)).check()
    assert_as_documented(house, "/documented/v1", ["/documented/v1", STAGING])
    assert_as_documented(house, "/unlisted/v1", [STAGING])
    assert_as_documented(house, "/unknowing/v1", ["/unknowing/v1"])
    assert_carries(house, "/carries/v1")
    assert house.deploy(**styled(server)).check().changed == []

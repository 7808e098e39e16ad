"""Whichever server runs an app: it sees the true client, and lets go of the load balancer's connections."""

from typing import Any, get_args

import pytest

from deploys.config.app_servers import ServerName
from tests.lab import Lab
from tests.outside.nothing_lost import assert_releases_lose_nothing
from tests.proxies.none.asked import CUT_OFF
from tests.proxies.none.behind import DEMO, PORT, Behind

pytestmark = [pytest.mark.lab, pytest.mark.slow]

WSGI = {"source": "tests/demo_wsgi", "wsgi": "demo_wsgi:app", "health": {"path": "/health"}, "threads": 16}
SERVERS = get_args(ServerName)
APPS = (*SERVERS, "wsgi-gunicorn")
CLIENT, FORGED, OVER_6 = "203.0.113.66", "203.0.113.99", "2001:db8::66"
EDGE = "the load balancer's own"

TABLE: list[tuple[tuple[str, ...], str, str]] = [
    (("X-Forwarded-For", CLIENT), CLIENT, "http"),
    (("X-Forwarded-For", CLIENT, "X-Forwarded-Proto", "https"), CLIENT, "https"),
    (("X-Forwarded-For", f"{FORGED}, {CLIENT}", "X-Forwarded-Proto", "https"), CLIENT, "https"),
    (("X-Forwarded-For", FORGED, "X-Forwarded-For", CLIENT), CLIENT, "http"),
    (("X-Forwarded-For", f"127.0.0.1, {CLIENT}"), CLIENT, "http"),
    (("X-Forwarded-For", OVER_6, "X-Real-IP", FORGED), OVER_6, "http"),
    (("X-Forwarded-For", f"{CLIENT}:4711", "Forwarded", f"for={FORGED};proto=https"), CLIENT, "http"),
    (("X-Forwarded-For", f"{FORGED}, unknown"), EDGE, "http"),
    (("X-Real-IP", FORGED, "X-Client-IP", FORGED), EDGE, "http"),
    (("X_Forwarded_For", FORGED, "X-Forwarded-For", CLIENT), CLIENT, "http"),
    ((), EDGE, "http"),
]


@pytest.fixture(scope="module", params=["13", "12"])
def behind(request: pytest.FixtureRequest, lab: Lab) -> Behind:
    apps: dict[str, Any] = {}
    for number, app in enumerate(APPS):
        public = {"name": f"{app}.none.test", "port": PORT + number, "idle_timeout": 20}
        server = app.removeprefix("wsgi-")
        apps[app] = {**(DEMO if app == server else WSGI), "server": server, "public": public, "drain": 5}
    server = lab.up(f"none-{request.param}", debian=request.param, furnished=True, nginx=False)
    found = Behind.on(lab, server, apps)
    found.deploy().check()
    assert found.deploy().check().changed == []
    return found


@pytest.mark.parametrize("app", APPS)
def test_the_app_sees_its_client(behind: Behind, app: str) -> None:
    port = behind.house.settings["apps"][app]["public"]["port"]
    found, expected = [], []
    for headers, client, scheme in TABLE:
        said = behind.ask("/echo", *headers, port=port, app=app)["said"]
        assert FORGED not in str(said["headers"]), headers
        found.append((headers, said["client"], said["scheme"]))
        expected.append((headers, str(behind.balancer.address) if client == EDGE else client, scheme))
        assert behind.ask("/echo", *headers, port=port, of=behind.stranger, app=app) == {"status": CUT_OFF}
    assert found == expected


@pytest.mark.parametrize("app", APPS)
def test_no_request_is_lost_by_a_release_and_a_rollback(behind: Behind, app: str) -> None:
    port = behind.house.settings["apps"][app]["public"]["port"]
    load = behind.load(50, 0 if app.startswith("wsgi") else 4, port=port, app=app)
    assert_releases_lose_nothing(load, behind.house, app=app)

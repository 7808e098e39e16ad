"""Whom a release believes that a load balancer reaches by itself, and whom it turns away."""

import asyncio
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from deploys.apps.build import WRAPPER_SOURCES
from deploys.apps.servers import SERVERS, WRAPPER, Run
from deploys.apps.unit import Occupant
from deploys.apps.wrapper import asgi, wsgi
from deploys.apps.wrapper.balancer import MAINTENANCE, Balancer, is_forged
from deploys.config import App
from deploys.onhost import headers as headers_onhost
from deploys.onhost.headers import FAMILIES, FORGED, TOLD
from deploys.places.apps import AppPlaces

NETWORKS = ["10.0.1.0/24", "10.0.2.7/32"]
EDGE, OTHER_EDGE, BESIDE, ITSELF = "10.0.1.9", "10.0.2.7", "10.0.2.8", "127.0.0.1"
CLIENT, FORGER = "203.0.113.66", "203.0.113.99"
OVER_6 = "2001:db8::66"

ADDRESSES = {
    # X-Forwarded-For from the load balancer: the client
    CLIENT: CLIENT,
    f"{FORGER}, {CLIENT}": CLIENT,
    f"{FORGER},{CLIENT}": CLIENT,
    f"127.0.0.1, {CLIENT}": CLIENT,
    f"{EDGE}, {CLIENT}": CLIENT,
    f"{CLIENT}, {OTHER_EDGE}": CLIENT,
    f"{FORGER}, {CLIENT}, {OTHER_EDGE}, {EDGE}": CLIENT,
    f"{EDGE}, {OTHER_EDGE}": EDGE,
    OVER_6: OVER_6,
    f"[{OVER_6}]": OVER_6,
    f"[{OVER_6}]:4711": OVER_6,
    f"{CLIENT}:4711": CLIENT,
    f"::ffff:{CLIENT}": CLIENT,
    f"{FORGER}, unknown": EDGE,
    f"{FORGER}, ": EDGE,
    f"{FORGER}, _hidden": EDGE,
    f"{FORGER}, {CLIENT} x": EDGE,
    "fe80::1%eth0": EDGE,
    "": EDGE,
}
SCHEMES = {
    # X-Forwarded-Proto from the load balancer: the scheme
    "": "http",
    "HTTPS": "https",
    "http, https": "https",
    "https, http": "http",
    "gopher": "http",
    "https\x00": "http",
}
TOLD_TABLE = [
    # peer, X-Forwarded-For, X-Forwarded-Proto, the client, the scheme
    *((EDGE, told, "https", client, "https") for told, client in ADDRESSES.items()),
    *((EDGE, CLIENT, told, CLIENT, scheme) for told, scheme in SCHEMES.items()),
    (OTHER_EDGE, CLIENT, "http", CLIENT, "http"),
    (f"::ffff:{EDGE}", CLIENT, "https", CLIENT, "https"),
    (BESIDE, CLIENT, "https", BESIDE, "http"),
    (BESIDE, f"{EDGE}", "https", BESIDE, "http"),
    (BESIDE, f"{CLIENT}, {EDGE}", "https", BESIDE, "http"),
    (CLIENT, ITSELF, "https", CLIENT, "http"),
    (ITSELF, CLIENT, "", ITSELF, "http"),
    (ITSELF, CLIENT, "https", ITSELF, "https"),
    (ITSELF, EDGE, "https", ITSELF, "https"),
    ("", CLIENT, "https", "", "http"),
    ("@", CLIENT, "https", "@", "http"),
]


def balancer(folder: Path, slot: str = "a") -> Balancer:
    return Balancer(NETWORKS, str(folder / "shop-b"), slot, str(folder / "maintenance"))


@pytest.mark.parametrize("row", TOLD_TABLE, ids=map(str, range(len(TOLD_TABLE))))
def test_the_load_balancer_is_believed_and_nobody_else(tmp_path: Path, row: tuple[str, ...]) -> None:
    peer, forwarded_for, proto, client, scheme = row
    assert balancer(tmp_path).told(peer, forwarded_for, proto) == (client, scheme)


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Real-IP", "x_forwarded_for", "CF-Connecting-IP", "Remote-User", "x_shib_uid"]
)
def test_what_clients_have_no_say_in_is_known(name: str) -> None:
    assert is_forged(name)


@pytest.mark.parametrize("name", ["X-Request-ID", "Authorization", "Host", "X-Forward", "Cookie"])
def test_the_rest_is_left_alone(name: str) -> None:
    assert not is_forged(name)


def test_a_release_has_the_whole_list() -> None:
    found: dict[str, Any] = {}
    exec(WRAPPER_SOURCES["headers.py"], found)  # noqa: S102  # what a release carries
    assert (found["FAMILIES"], found["FORGED"], found["TOLD"]) == (FAMILIES, FORGED, TOLD)
    assert headers_onhost.__doc__ == found["__doc__"]


def over_asgi(folder: Path, *headers: tuple[str, str], peer: str = EDGE, **scope: Any) -> dict[str, Any]:
    """Ask an app that tells what it sees, and give that, and what was sent."""
    seen: dict[str, Any] = {"sent": []}

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        seen.update(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        seen["sent"].append(message)

    told = [(name.lower().encode(), value.encode()) for name, value in headers]
    whole = {
        **{"type": "http", "method": "GET", "http_version": "1.1", "scheme": "http", "path": "/"},
        **{"client": (peer, 4000), "headers": told},
        **scope,
    }
    asyncio.run(asgi.BehindBalancer(app, balancer(folder))(whole, receive, send))
    return seen


FORGED_ONES = [("X-Real-IP", FORGER), ("Forwarded", f"for={FORGER}"), ("X_Forwarded_For", FORGER)]


def test_an_asgi_app_sees_its_client_and_no_forged_header(tmp_path: Path) -> None:
    forwarded = [("X-Forwarded-For", FORGER), ("X-Forwarded-For", CLIENT), ("X-Forwarded-Proto", "https")]
    seen = over_asgi(tmp_path, ("Host", "shop.test"), ("Cookie", "a=b"), *forwarded, *FORGED_ONES)
    assert (seen["client"], seen["scheme"]) == ((CLIENT, 0), "https")
    assert dict(seen["headers"]) == {
        b"host": b"shop.test",
        b"cookie": b"a=b",
        b"x-forwarded-for": CLIENT.encode(),
        b"x-real-ip": CLIENT.encode(),
        b"x-forwarded-proto": b"https",
        b"x-forwarded-port": b"443",
        b"x-forwarded-host": b"shop.test",
    }
    assert len(seen["headers"]) == 7


def test_beside_the_load_balancer_nothing_is_believed(tmp_path: Path) -> None:
    forwarded = [("X-Forwarded-For", CLIENT), ("X-Forwarded-Proto", "https")]
    seen = over_asgi(tmp_path, *forwarded, ("X-Forwarded-Host", "bank.test"), *FORGED_ONES, peer=BESIDE)
    assert (seen["client"], seen["scheme"]) == ((BESIDE, 4000), "http")
    assert CLIENT.encode() not in dict(seen["headers"]).values()
    assert b"bank.test" not in dict(seen["headers"]).values()


@pytest.mark.parametrize(("b_is_live", "version", "closes"), [(0, "1.1", 0), (1, "1.1", 1), (1, "2", 0)])
def test_a_slot_that_has_the_traffic_no_longer_lets_go(
    tmp_path: Path, b_is_live: int, version: str, closes: int
) -> None:
    if b_is_live:
        (tmp_path / "shop-b").touch()
    start, *_ = over_asgi(tmp_path, http_version=version)["sent"]
    assert ((b"connection", b"close") in start["headers"]) == bool(closes)
    assert balancer(tmp_path, "b").is_leaving() != bool(b_is_live)


def test_during_maintenance_the_load_balancer_is_turned_away_and_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "maintenance").touch()
    start, body = over_asgi(tmp_path)["sent"]
    assert (start["status"], body["body"]) == (503, MAINTENANCE)
    _, nothing = over_asgi(tmp_path, method="HEAD")["sent"]
    assert nothing["body"] == b""
    assert over_asgi(tmp_path, type="websocket")["sent"] == [{"type": "websocket.close", "code": 1013}]
    start, _ = over_asgi(tmp_path, peer=ITSELF)["sent"]
    assert start["status"] == 200


def over_wsgi(folder: Path, peer: str = EDGE, **environ: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    def start(status: str, _headers: Any) -> None:
        seen["status"] = status

    whole = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "wsgi.input": None, **environ}
    seen["body"] = list(wsgi.BehindBalancer(app, balancer(folder))(whole, start))
    return seen


def test_a_wsgi_app_sees_its_client_and_no_forged_header(tmp_path: Path) -> None:
    told = {"HTTP_X_FORWARDED_FOR": f"{FORGER},{CLIENT}", "HTTP_X_FORWARDED_PROTO": "https"}
    seen = over_wsgi(tmp_path, HTTP_FORWARDED=f"for={FORGER}", HTTP_X_CLIENT_IP=FORGER, **told)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == (CLIENT, "https")
    assert FORGER not in str(seen)
    beside = over_wsgi(tmp_path, BESIDE, **told)
    assert (beside["REMOTE_ADDR"], beside["wsgi.url_scheme"]) == (BESIDE, "http")
    assert CLIENT not in str(beside)


def test_a_disguised_header_gets_to_no_wsgi_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before version 22, gunicorn would join it to the load balancer's own, and the last one counts."""
    plain = [("X-FORWARDED-FOR", CLIENT), ("X_REQUEST_ID", "1"), ("MY_OWN", "2")]
    gunicorn = ModuleType("gunicorn.http.wsgi")
    vars(gunicorn)["create"] = lambda request, *_, **__: request.headers
    monkeypatch.setitem(sys.modules, gunicorn.__name__, gunicorn)
    wsgi.hear_clearly()
    disguised = [("X_FORWARDED_FOR", FORGER), ("X-Forwarded_Proto", "https"), ("REMOTE_USER", "root")]
    assert gunicorn.create(SimpleNamespace(headers=[*plain, *disguised]), None, cfg=None) == plain


def test_a_wsgi_app_is_under_maintenance_for_the_load_balancer(tmp_path: Path) -> None:
    (tmp_path / "maintenance").touch()
    seen = over_wsgi(tmp_path)
    assert (seen["status"], seen["body"]) == ("503 Service Unavailable", [MAINTENANCE])
    assert over_wsgi(tmp_path, ITSELF)["status"] == "200 OK"


BEHIND = Run(port=20010, workers=1, threads=5, graceful=10, idle_timeout=100)
NOT_CONFIGURABLE = {"granian", "fastapi"}
"""Whose idle time no word of the command tells: `fastapi run` has it from the environment."""


@pytest.mark.parametrize("row", SERVERS)
def test_no_server_believes_anybody_by_itself(row: Any) -> None:
    command = SERVERS[row].arguments(BEHIND)
    assert f"{WRAPPER}.asgi:unwrapped" not in command
    if "--forwarded-allow-ips" in command:
        assert command[command.index("--forwarded-allow-ips") + 1] == ""
    elif row[1] in {"uvicorn", "fastapi"}:
        assert "--no-proxy-headers" in command


def test_gunicorn_passes_no_header_off_as_another_to_a_wsgi_app() -> None:
    command = SERVERS["wsgi", "gunicorn"].arguments(BEHIND)
    assert command[command.index("--header-map") + 1] == "drop"


@pytest.mark.parametrize("row", [row for row in SERVERS if row[1] not in NOT_CONFIGURABLE])
def test_a_server_keeps_idle_connections_for_longer_than_the_load_balancer(row: Any) -> None:
    assert "115" in SERVERS[row].arguments(BEHIND)


def test_the_unit_tells_the_release_all_of_it() -> None:
    public = {"name": "shop.test", "port": 8000}
    shop = App.model_validate({"source": ".", "asgi": "shop.main:app", "public": public})
    places = AppPlaces("shop", 20010)
    with_one = Occupant(shop, places, "b", 3, balancers=("10.0.1.0/24",)).unit_files()[places.service("b")]
    assert "X-Gatehouse-Public=yes" in with_one
    assert r'Environment="GATEHOUSE_BALANCER={\"networks\": [\"10.0.1.0/24\"], \"b_is_live\": ' in with_one
    assert r"\"/var/lib/gatehouse/live/shop-b\", \"slot\": \"b\", " in with_one
    assert 'Environment="GATEHOUSE_KEEP_ALIVE=75"' in with_one
    without = Occupant(shop, places, "b", 3).unit_files()[places.service("b")]
    assert "BALANCER" not in without
    assert "Public" not in without

"""The same site over HTTP/2, HTTP/3 and IPv6."""

import json
import socket
import ssl

import httpx
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, ResponseReceived, StreamEnded, StreamReset
from h2.events import DataReceived as H2DataReceived

from tests.conformance.differences import instead
from tests.conformance.versions import over_http3
from tests.conformance.wire import Request
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab


def client(stage: Stage) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(stage.roots))
    return httpx.Client(
        transport=httpx.HTTPTransport(verify=context, http1=False, http2=True, trust_env=False)
    )


def get(http: httpx.Client, stage: Stage, path: str, host: str, sni: str = "shop.test") -> httpx.Response:
    url = f"https://{stage.server.address}{path}"
    return http.get(url, headers={"host": host}, extensions={"sni_hostname": sni})


def test_http2(stage: Stage) -> None:
    otherwise = instead(stage.proxy.name, "routes", "shop.test/api/v1/a//b")
    with client(stage) as http:
        slashes = get(http, stage, "/api/v1/a%2Fb//c?d", "shop.test")
        answer = get(http, stage, "/api/v1/a%2Fb/c?d", "shop.test") if otherwise else slashes
    assert slashes.status_code == otherwise.get("status", 200)
    assert answer.http_version == "HTTP/2"
    assert answer.json()["target"] == ("/a%2Fb/c?d" if otherwise else "/a%2Fb//c?d")
    seen = {name.lower(): value for name, value in answer.json()["headers"]}
    assert (seen["host"], seen["x-forwarded-for"]) == ("shop.test", stage.client)
    assert answer.headers["strict-transport-security"] == "max-age=63072000"


@pytest.mark.parametrize(
    ("host", "status"),
    [("www.shop.test", 301), ("other.test", 421), ("nobody.test", 421), ("second.other.test", 421)],
)
def test_a_connection_is_for_its_own_site(stage: Stage, host: str, status: int) -> None:
    """HTTP/2 clients reuse a connection for other names (RFC 9113, section 9.1.1)."""
    with client(stage) as http:
        assert get(http, stage, "/x", "shop.test").status_code == 200
        assert get(http, stage, "/x", host).status_code == status
        assert get(http, stage, "/x", "shop.test").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        ("transfer-encoding", "chunked"),
        ("connection", "x-forwarded-for, x-real-ip"),
        ("upgrade", "websocket"),
    ],
    ids=lambda header: str(header[0]),
)
def test_headers_that_are_not_http2s_are_no_way_in(stage: Stage, header: tuple[str, str]) -> None:
    """They make a request malformed (RFC 9113, section 8.2.2)."""
    forged = ("x-forwarded-for", "203.0.113.66")
    status, body = over_http2(stage, header, forged)
    assert status in {200, 400}
    if status == 200:
        seen = {name.lower(): value for name, value in json.loads(body)["headers"]}
        assert (seen["x-forwarded-for"], seen["x-real-ip"]) == (stage.client, stage.client)
        assert "upgrade" not in seen


def over_http2(stage: Stage, *headers: tuple[str, str]) -> tuple[int, bytes]:
    """Send one request with headers that no client library would send."""
    made = H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
    http = H2Connection(made)
    names = {":method": "GET", ":scheme": "https", ":authority": "shop.test", ":path": "/x"}
    context = ssl.create_default_context(cafile=str(stage.roots))
    context.set_alpn_protocols(["h2"])
    status, body = 0, b""
    with (
        socket.create_connection((str(stage.server.address), 443), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="shop.test") as link,
    ):
        http.initiate_connection()
        http.send_headers(1, [*names.items(), *headers], end_stream=True)
        link.sendall(http.data_to_send())
        while True:
            for event in http.receive_data(link.recv(65536)):
                if isinstance(event, ResponseReceived):
                    status = int(dict(event.headers)[b":status"])
                elif isinstance(event, H2DataReceived):
                    body += event.data
                elif isinstance(event, StreamEnded | StreamReset | ConnectionTerminated):
                    return status, body


def test_ipv6(stage: Stage) -> None:
    answer = stage.wire6.send(Request("/x"))
    assert answer.status == 200
    assert answer.seen_header("x-forwarded-for") == str(stage.server.subnet.address6(1))
    assert stage.wire6.send(Request("/x", tls=False)).status == 301
    assert not stage.wire6.send(Request("/x", host="nobody.test")).handshake


@pytest.mark.needs("sites.*.routes.*.limits.rate")
def test_ipv6_clients_are_counted_by_their_network(stage: Stage) -> None:
    stage.restart()
    neighbour = str(stage.server.subnet.address6(0xBEEF))
    assert [stage.wire6.send(Request("/strict/x")).status for _ in range(2)] == [200, 429]
    with stage.other_address(neighbour):
        assert stage.wire6.from_address(neighbour).send(Request("/strict/x")).status == 429
        assert stage.wire6.from_address(neighbour).send(Request("/x")).seen_header("x-real-ip") == neighbour


def test_http3_where_it_is_asked_for(stage: Stage) -> None:
    if stage.refusals(sites=with_http3(stage)):
        assert "has no HTTP/3" in stage.deploy(sites=with_http3(stage)).output
        return
    try:
        stage.deploy(sites=with_http3(stage)).check()
        answer = over_http3(stage, Request("/api/v1/a%2Fb"))
        assert answer.status == 200
        assert answer.header("strict-transport-security") == "max-age=63072000"
        assert answer.seen["target"] == "/a%2Fb"
        assert answer.seen_header("x-forwarded-for") == stage.client
        assert stage.wire.send(Request("/x")).header("alt-svc") == 'h3=":443"; ma=86400'
        with pytest.raises(ConnectionError):
            over_http3(stage, Request("/", host="nobody.test"))
    finally:
        stage.deploy().check()
    assert stage.wire.send(Request("/x")).header("alt-svc") is None


def with_http3(stage: Stage) -> dict[str, object]:
    sites = dict(stage.settings["sites"])
    return {name: {**site, "http3": True} for name, site in sites.items()}

"""Every server under a prefix: everything that carries a path, an address or a scheme is right."""

import json

import pytest

from deploys.load import server_from
from tests.apps.conftest import Front
from tests.apps.prefixed import ask, assert_as_documented, assert_carries

pytestmark = pytest.mark.lab

UVICORN = {"uvicorn", "fastapi", "gunicorn-uvicorn"}
"""Whose WebSockets uvicorn tells of."""


def test_a_route_sees_client_scheme_and_prefix(front: Front) -> None:
    house = front.house
    for name in front.apps:
        forged = {
            "x-forwarded-for": "203.0.113.66",
            "x-forwarded-proto": "http",
            "x-forwarded-prefix": "/evil",
        }
        seen = ask(house, f"/{name}/v1/echo/a%2Fb?c=d", headers=forged)
        assert seen["client"] == house.outside.own_address()
        assert seen["scheme"] == "https"
        assert seen["root_path"] == f"/{name}/v1"
        assert seen["query"] == "c=d"
        # PATH_INFO is decoded, and there is no other word for it in WSGI.
        assert seen["rest"] == "a/b" if name in front.wsgi else seen["raw_path"].endswith("/echo/a%2Fb")
        assert seen["url_for"] == f"https://{house.domain}/{name}/v1/items/"


def test_a_slash_redirect_leads_to_the_same_place(front: Front) -> None:
    house = front.house
    for name in front.apps:
        answer = house.outside.get(f"/{name}/v1/items")
        assert answer.status_code == (308 if name in front.wsgi else 307)
        assert answer.headers["location"] == f"https://{house.domain}/{name}/v1/items/"


def test_the_docs_find_the_schema_and_the_schema_the_server(front: Front) -> None:
    house = front.house
    for name in front.servers:
        assert f"'/{name}/v1/openapi.json'" in house.outside.get(f"/{name}/v1/docs").text
        schema = ask(house, f"/{name}/v1/openapi.json")
        assert schema["servers"] == [{"url": f"/{name}/v1"}]
        assert "/items/" in schema["paths"]


def test_mounts_and_static_files(front: Front) -> None:
    house = front.house
    for name in front.servers:
        assert ask(house, f"/{name}/v1/admin/")["root_path"] == f"/{name}/v1/admin"
        assert f"'/{name}/v1/admin/openapi.json'" in house.outside.get(f"/{name}/v1/admin/docs").text
        assert house.outside.get(f"/{name}/v1/static/hello.txt").status_code == 200


def test_websockets_and_events(front: Front) -> None:
    house = front.house
    for name in front.servers:
        with house.outside.websocket(f"/{name}/v1/ws") as socket:
            hello = json.loads(socket.recv())
            assert (hello["client"], hello["scheme"]) == (house.outside.own_address(), "wss")
            socket.send("anvil")
            assert socket.recv() == "anvil"
        assert house.outside.get(f"/{name}/v1/events?count=2&interval=0").text == "data: 0\n\ndata: 1\n\n"


def test_an_app_that_carries_its_prefix_is_left_alone(front: Front) -> None:
    assert_carries(front.house, "/carries/v1")


def test_what_fastapi_documents_about_proxies(front: Front) -> None:
    servers = ["/documented/v1", "https://staging.example.com"]
    assert_as_documented(front.house, "/documented/v1", servers)


def test_the_proxy_serves_a_folder_of_the_release(front: Front) -> None:
    answer = front.house.outside.get("/public/hello.txt")
    assert answer.status_code == (200 if front.serves_files else 404)


ASK_FROM = """python3 - <<'END'
import http.client
connection = http.client.HTTPConnection("127.0.0.1", %d, source_address=("%s", 0))
headers = {"Host": "www.test", "X-Forwarded-For": "203.0.113.66", "X-Forwarded-Proto": "https"}
connection.request("GET", "/echo", headers=headers)
print(connection.getresponse().read().decode())
END"""


@pytest.mark.slow
def test_nobody_but_the_proxy_is_believed(front: Front) -> None:
    house = front.house
    server = server_from(house.settings)
    for name in front.apps:
        ask(house, f"/{name}/v1/echo")
        is_b = f"test -e /var/lib/gatehouse/live/{name}-b"
        port = server.port(name) + (house.server.run(is_b, check=False).returncode == 0)
        for address, seen in (("127.0.0.1", ("203.0.113.66", "https")), ("127.0.0.2", ("127.0.0.2", "http"))):
            told = json.loads(house.server.run(ASK_FROM % (port, address)).stdout)
            assert (told["client"], told["scheme"]) == seen, name


def test_no_query_reaches_the_journal(front: Front) -> None:
    """Tokens travel in queries, and alerts quote the journal."""
    house = front.house
    for name in front.servers:
        ask(house, f"/{name}/v1/echo?token=SESAME")
        with house.outside.websocket(f"/{name}/v1/ws?token=SESAME") as socket:
            socket.recv(timeout=60)
        written = house.server.run(f"journalctl --sync; journalctl -q -b -o cat -t {name}").stdout
        assert written
        assert "SESAME" not in written
        assert ('/ws" [accepted]' in written) == (name in UVICORN), written
        assert ('"GET /' in written) == (name == "fastapi"), written

"""Every ASGI server under a prefix: everything that carries a path, an address or a scheme is right."""

import json
from typing import Any

import pytest

from tests.apps.conftest import Front
from tests.house import House

pytestmark = pytest.mark.lab


def ask(house: House, path: str, **arguments: Any) -> Any:
    answer = house.outside.get(path, **arguments)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return json.loads(answer.text)


def test_a_route_sees_client_scheme_and_prefix(front: Front) -> None:
    house = front.house
    for name in front.servers:
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
        assert seen["raw_path"].endswith("/echo/a%2Fb")
        assert seen["url_for"] == f"https://{house.domain}/{name}/v1/items/"


def test_a_slash_redirect_leads_to_the_same_place(front: Front) -> None:
    house = front.house
    for name in front.servers:
        answer = house.outside.get(f"/{name}/v1/items")
        assert answer.status_code == 307
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
    house = front.house
    assert ask(house, "/carries/v1/items/") == f"https://{house.domain}/carries/v1/items/"
    assert "'/carries/v1/openapi.json'" in house.outside.get("/carries/v1/docs").text
    redirect = house.outside.get("/carries/v1/items").headers["location"]
    assert redirect == f"https://{house.domain}/carries/v1/items/"


def test_what_fastapi_documents_about_proxies(front: Front) -> None:
    house = front.house
    base = f"https://{house.domain}/documented/v1"
    assert ask(house, "/documented/v1/items/") == f"{base}/items/"
    assert house.outside.get("/documented/v1/items").headers["location"] == f"{base}/items/"
    servers = [entry["url"] for entry in ask(house, "/documented/v1/openapi.json")["servers"]]
    assert servers == ["/documented/v1", "https://staging.example.com"]
    things = ask(house, "/documented/v1/sub/things/")
    assert things == {"root_path": "/documented/v1/sub", "url": f"{base}/sub/things/"}


def test_the_proxy_serves_a_folder_of_the_release(front: Front) -> None:
    assert front.house.outside.get("/public/hello.txt").status_code == 200

"""What must hold of an app under a prefix, seen from outside."""

import json
from typing import Any

from tests.house import House


def ask(house: House, path: str, **arguments: Any) -> Any:
    """Ask the site, and take the JSON answer."""
    answer = house.outside.get(path, **arguments)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return json.loads(answer.text)


def assert_as_documented(house: House, prefix: str, servers: list[str]) -> None:
    """FastAPI's documented cases: `root_path`, redirects under HTTPS, servers, sub-applications."""
    base = f"https://{house.domain}{prefix}"
    assert ask(house, f"{prefix}/items/") == f"{base}/items/"
    assert house.outside.get(f"{prefix}/items").headers["location"] == f"{base}/items/"
    schema = ask(house, f"{prefix}/openapi.json")
    assert [entry["url"] for entry in schema.get("servers", [])] == servers
    assert "/items/" in schema["paths"]
    assert f"'{prefix}/openapi.json'" in house.outside.get(f"{prefix}/docs").text
    things = ask(house, f"{prefix}/sub/things/")
    assert things == {"root_path": f"{prefix}/sub", "url": f"{base}/sub/things/"}
    assert house.outside.get(f"{prefix}/sub/things").headers["location"] == f"{base}/sub/things/"
    assert f"'{prefix}/sub/openapi.json'" in house.outside.get(f"{prefix}/sub/docs").text
    sub_schema = ask(house, f"{prefix}/sub/openapi.json")
    assert [entry["url"] for entry in sub_schema["servers"]] == [f"{prefix}/sub"]


def assert_carries(house: House, prefix: str) -> None:
    """An app that has the prefix in its own routes is left alone."""
    assert ask(house, f"{prefix}/items/") == f"https://{house.domain}{prefix}/items/"
    assert f"'{prefix}/openapi.json'" in house.outside.get(f"{prefix}/docs").text
    assert "servers" not in ask(house, f"{prefix}/openapi.json")
    redirect = house.outside.get(f"{prefix}/items").headers["location"]
    assert redirect == f"https://{house.domain}{prefix}/items/"

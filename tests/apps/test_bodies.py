"""Bodies, answers and headers of any size get through proxy and app server alike, or the proxy refuses."""

import pytest

from tests.apps.conftest import Front
from tests.outside.client import Outside

pytestmark = pytest.mark.lab

LONG = 30_000
"""Characters of a header, of the 32 KB that the front's `max_header` allows."""


def statuses(outside: Outside, path: str, count: int, size: int) -> set[int]:
    with outside.client() as client:
        return {outside.send(client, "POST", path, content=b"x" * size).status_code for _ in range(count)}


UNREAD = {"refuse": 401, "fail": 500}
"""What answers without a look at the body, and how."""


@pytest.mark.parametrize("path", UNREAD)
@pytest.mark.parametrize("size", [0, 1, 300_000, 1_000_000])
def test_an_answer_without_a_look_at_the_body_arrives(front: Front, path: str, size: int) -> None:
    for server in front.apps:
        found = statuses(front.house.outside, f"/{server}/v1/{path}", 20, size)
        assert found == {UNREAD[path]}, f"{server} answered {found} to bodies of {size}"


def test_a_long_header_reaches_every_server(front: Front) -> None:
    for server in front.apps:
        answer = front.house.outside.get(f"/{server}/v1/echo", headers={"X-Long": "x" * LONG})
        assert answer.status_code == 200, f"{server} answered {answer.status_code}"
        assert ["x-long", "x" * LONG] in answer.json()["headers"]


def test_a_long_path_reaches_every_server(front: Front) -> None:
    for server in front.apps:
        answer = front.house.outside.get(f"/{server}/v1/echo/{'x' * LONG}")
        assert answer.status_code == 200, f"{server} answered {answer.status_code}"


def test_a_long_header_of_an_answer_arrives(front: Front) -> None:
    for server in front.apps:
        answer = front.house.outside.get(f"/{server}/v1/header/{LONG}")
        assert answer.status_code == 200, f"{server} answered {answer.status_code}"
        assert answer.headers["x-long"] == "x" * LONG


def test_a_websocket_with_a_long_cookie_opens(front: Front) -> None:
    for server in front.servers:
        cookie = {"Cookie": "a=" + "x" * LONG}
        with front.house.outside.websocket(f"/{server}/v1/ws", additional_headers=cookie) as opened:
            opened.recv()
            opened.send("hello")
            assert opened.recv() == "hello", server


TOO_LONG = {"nginx": (33_000, 400, 502), "caddy": (33_000, 431, 502), "traefik": (140_000, 431, 200)}
"""Characters of a request's header, how it is refused, and what an answer with one of 33,000 becomes."""


def test_what_is_longer_is_refused_by_the_proxy(front: Front) -> None:
    length, refused, answered = TOO_LONG[front.proxy]
    for server in front.apps:
        long = {"X-Long": "x" * length}
        assert front.house.outside.get(f"/{server}/v1/echo", headers=long).status_code == refused
        assert front.house.outside.get(f"/{server}/v1/header/33000").status_code == answered

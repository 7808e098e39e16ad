"""What only a WSGI app can have: threads, and no WebSocket."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.apps.conftest import Front

pytestmark = pytest.mark.lab


def test_slow_requests_do_not_hold_up_the_others(front: Front) -> None:
    for app in front.wsgi:
        with ThreadPoolExecutor() as pool:
            slow = [pool.submit(front.house.outside.get, f"/{app}/v1/slow?seconds=5") for _ in range(4)]
            assert front.house.outside.get(f"/{app}/v1/items/").status_code == 200
            assert not any(each.done() for each in slow), app
            assert [each.result().status_code for each in slow] == [200] * 4


def test_a_body_of_any_length_arrives(front: Front) -> None:
    for app in front.wsgi:
        sent = front.house.outside.request("POST", f"/{app}/v1/upload", content=iter([b"x" * 100_000] * 5))
        assert sent.json() == {"size": 500_000}, app


def test_a_stream_arrives_as_it_is_sent(front: Front) -> None:
    for app in front.wsgi:
        events = front.house.outside.get(f"/{app}/v1/events?count=2&interval=0").text
        assert events == "data: 0\n\ndata: 1\n\n"


def test_a_websocket_is_refused_by_the_app_itself(front: Front) -> None:
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    for app in front.wsgi:
        asked["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
        answer = front.house.outside.get(f"/{app}/v1/echo", headers=asked)
        assert (answer.status_code, "could not understand" in answer.text) == (400, True), app

"""What a WSGI app sees through the wrapper."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from deploys.apps.wrapper.wsgi import BehindProxy

PROXY, OTHER = "127.0.0.1", "192.0.2.9"


def seen(prefix: str = "", **environ: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def app(environ: dict[str, Any], _start_response: Callable[..., Any]) -> list[bytes]:
        found.update(environ)
        return []

    list(BehindProxy(app, prefix)({"wsgi.input": io.BytesIO(), **environ}, lambda *_: None))
    return found


@pytest.mark.parametrize(
    ("peer", "told_for", "told_proto", "address", "scheme"),
    [
        (PROXY, "198.51.100.7", "https", "198.51.100.7", "https"),
        (PROXY, "6.6.6.6, 198.51.100.7", "http", "198.51.100.7", "http"),
        (PROXY, "2001:db8::7", "gopher", "2001:db8::7", "http"),
        (PROXY, "", "", PROXY, "http"),
        (OTHER, "198.51.100.7", "https", OTHER, "http"),
    ],
)
def test_the_proxy_is_believed_and_nobody_else(
    peer: str, told_for: str, told_proto: str, address: str, scheme: str
) -> None:
    told = {"HTTP_X_FORWARDED_FOR": told_for, "HTTP_X_FORWARDED_PROTO": told_proto}
    found = seen(REMOTE_ADDR=peer, **told, **{"wsgi.url_scheme": "https" if peer == OTHER else "http"})
    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == (address, scheme)


def test_the_prefix_is_the_settings_whatever_the_request_says() -> None:
    found = seen("/api/v1", PATH_INFO="/items", SCRIPT_NAME="/evil")
    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("/api/v1", "/items")


class Parts:
    """An answer that says whether it was closed."""

    closed = False

    def __iter__(self) -> Any:
        return iter([b"who ", b"are you?"])

    def close(self) -> None:
        self.closed = True


def answered(app: Any, body: io.BytesIO, **environ: str) -> Iterable[bytes]:
    return BehindProxy(app, "")({"wsgi.input": body, **environ}, lambda *_: None)


@pytest.mark.parametrize("told", [{"CONTENT_LENGTH": "5"}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_body_that_the_app_leaves_is_read_before_the_answer_ends(told: dict[str, str]) -> None:
    parts, body = Parts(), io.BytesIO(b"anvil")
    answer: Any = answered(lambda *_: parts, body, **told)
    assert list(answer) == [b"who ", b"are you?"]
    assert body.read() == b""
    answer.close()
    assert parts.closed


@pytest.mark.parametrize("told", [{}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "0"}])
def test_where_there_is_no_body_the_answer_is_the_apps_own(told: dict[str, str]) -> None:
    parts, body = Parts(), io.BytesIO(b"the next request")
    assert answered(lambda *_: parts, body, **told) is parts
    assert body.read() == b"the next request"


def test_a_body_is_read_before_the_server_answers_for_an_app_that_fails() -> None:
    def app(*_: Any) -> Any:
        raise ZeroDivisionError

    body = io.BytesIO(b"anvil")
    with pytest.raises(ZeroDivisionError):
        answered(app, body, CONTENT_LENGTH="5")
    assert body.read() == b""

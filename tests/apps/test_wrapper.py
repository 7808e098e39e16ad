"""What an ASGI app sees through the wrapper."""

import asyncio
import logging
from typing import Any

import pytest

from deploys.apps.wrapper.asgi import Answered, BehindProxy

PROXY, OTHER = ("127.0.0.1", 4000), ("192.0.2.9", 4000)


def seen(prefix: str = "", **scope: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        found.update(scope)

    whole = {"type": "http", "scheme": "http", "path": "/items", "raw_path": b"/items", "headers": []} | scope
    asyncio.run(BehindProxy(app, prefix)(whole, _never_called, _never_called))
    return found


async def _never_called(*_: Any) -> Any:
    raise AssertionError


def headers(**values: str) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), value.encode()) for name, value in values.items()]


FORWARDED = headers(x_forwarded_for="198.51.100.7", x_forwarded_proto="https")


@pytest.mark.parametrize(
    ("kind", "client", "given", "scheme", "address"),
    [
        ("http", PROXY, FORWARDED, "https", "198.51.100.7"),
        ("websocket", PROXY, FORWARDED, "wss", "198.51.100.7"),
        ("http", OTHER, FORWARDED, "http", "192.0.2.9"),
        ("http", PROXY, [], "http", "127.0.0.1"),
        ("http", PROXY, headers(x_forwarded_for="6.6.6.6, 198.51.100.7"), "http", "198.51.100.7"),
        ("http", PROXY, headers(x_forwarded_proto="gopher"), "http", "127.0.0.1"),
        ("http", PROXY, headers(x_forwarded_for="2001:db8::7"), "http", "2001:db8::7"),
    ],
)
def test_the_proxy_is_believed_and_nobody_else(
    kind: str, client: tuple[str, int], given: list[tuple[bytes, bytes]], scheme: str, address: str
) -> None:
    found = seen(type=kind, client=client, headers=given)
    assert (found["scheme"], found["client"][0]) == (scheme, address)


def test_a_prefix_is_put_before_the_path() -> None:
    found = seen("/api/v1", client=PROXY, raw_path=b"/a%2Fb", path="/a/b")
    assert (found["root_path"], found["path"], found["raw_path"]) == (
        "/api/v1",
        "/api/v1/a/b",
        b"/api/v1/a%2Fb",
    )


@pytest.mark.parametrize(
    ("logger", "words", "arguments", "line"),
    [
        (
            "uvicorn.access",
            '%s - "%s %s HTTP/%s" %d',
            ("192.0.2.9:4000", "GET", "/items?token=x?y", "1.1", 200),
            '192.0.2.9:4000 - "GET /items HTTP/1.1" 200',
        ),
        (
            "uvicorn.error",
            '%s - "WebSocket %s" [accepted]',
            ("192.0.2.9:4000", "/ws?token=x"),
            '192.0.2.9:4000 - "WebSocket /ws" [accepted]',
        ),
        ("uvicorn.error", "Is %s there?", ("it?",), "Is it? there?"),
        ("uvicorn.error", "%(what)s?", ({"what": "a?b"},), "a?b?"),
        ("uvicorn.error", "Done?", (), "Done?"),
        ("shop", '%s - "%s"', ("a", "/b?c"), 'a - "/b?c"'),
    ],
)
def test_uvicorn_leaves_queries_out(
    logger: str,
    words: str,
    arguments: tuple[object, ...],
    line: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO"):
        logging.getLogger(logger).info(words, *arguments)
    assert caplog.messages == [line]


def test_lifespan_passes_untouched() -> None:
    assert seen("/api/v1", type="lifespan")["path"] == "/items"


BODY: list[dict[str, Any]] = [
    {"type": "http.request", "body": b"x", "more_body": more} for more in (True, True, False)
]
ANSWER = ({"type": "http.response.start", "status": 401, "headers": []}, {"type": "http.response.body"})


@pytest.mark.parametrize("reads", [0, 1, 3])
@pytest.mark.parametrize(
    "given", [headers(content_length="3"), headers(transfer_encoding="chunked")], ids=["sized", "chunked"]
)
def test_a_body_that_the_app_leaves_is_read_before_the_answer_ends(
    reads: int, given: list[tuple[bytes, bytes]]
) -> None:
    happened = exchanged(BODY, given, reads)
    assert happened[-1] == ("sent", "http.response.body", False)
    assert happened.count(("received",)) == 3
    assert happened[-2] == ("sent", "http.response.start", False)


def test_a_client_that_leaves_is_not_waited_for() -> None:
    gone = [BODY[0], {"type": "http.disconnect"}]
    assert exchanged(gone, headers(content_length="3"), 0).count(("received",)) == 2


@pytest.mark.parametrize("given", [[], headers(content_length="0")])
def test_where_there_is_no_body_nothing_is_read(given: list[tuple[bytes, bytes]]) -> None:
    happened = exchanged(BODY, given, 0)
    assert happened == [("sent", "http.response.start", False), ("sent", "http.response.body", False)]


def test_a_body_is_read_before_the_server_answers_for_an_app_that_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        exchanged(received := list(BODY), headers(content_length="3"), 0, fails=True)
    assert not received


def exchanged(
    messages: list[dict[str, Any]], given: list[tuple[bytes, bytes]], reads: int, *, fails: bool = False
) -> list[tuple[Any, ...]]:
    """List what passes between a server and an app that reads so many messages, then answers."""
    happened: list[tuple[Any, ...]] = []
    left = messages if fails else list(messages)

    async def receive() -> dict[str, Any]:
        happened.append(("received",))
        return left.pop(0)

    async def send(message: Any) -> None:
        happened.append(("sent", message["type"], message.get("more_body", False)))

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        for _ in range(reads):
            await receive()
        if fails:
            _ = 1 / 0
        for message in ANSWER:
            await send(message)

    scope = {"type": "http", "scheme": "http", "path": "/", "client": PROXY, "headers": given}
    asyncio.run(BehindProxy(app, "")(scope, receive, send))
    return happened


@pytest.mark.parametrize("has_ended", [True, False])
def test_an_app_that_fails_once_it_has_answered_ends_no_connection(
    caplog: pytest.LogCaptureFixture, *, has_ended: bool
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"sorry", "more_body": not has_ended})
        raise RuntimeError("no anvil")

    async def send(_message: Any) -> None:
        pass

    call = Answered(app)({"type": "http"}, _never_called, send)
    if has_ended:
        asyncio.run(call)
        assert "RuntimeError: no anvil" in caplog.text
    else:
        with pytest.raises(RuntimeError, match="no anvil"):
            asyncio.run(call)

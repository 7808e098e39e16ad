"""A request's head may come in pieces, whichever server of uvicorn's reads it."""

import os
import socket
import sys
from collections.abc import Iterator

import pytest

from tests.listening import listening

SERVE = """
import sys, uvicorn
app, port = "deploys.apps.wrapper.asgi:unwrapped", int(sys.argv[1])
config = uvicorn.Config(app, http="h11", port=port, lifespan="off")
uvicorn.Server(config).run()
"""


@pytest.fixture
def port() -> Iterator[int]:
    """A server that is told nothing of its limits, as `fastapi run` and gunicorn's worker of uvicorn's."""
    app = {**os.environ, "GATEHOUSE_ASGI": "tests.apps.test_recycled_worker:app"}
    with listening(lambda port: (sys.executable, "-c", SERVE, str(port)), app) as port:
        yield port


def test_a_long_head_in_pieces_is_read(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.sendall(b"GET /" + b"x" * 20_000)
        link.settimeout(0.5)
        with pytest.raises(TimeoutError):
            link.recv(1)
        link.settimeout(60)
        link.sendall(b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert link.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"

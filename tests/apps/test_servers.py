"""The rows of the table of ASGI servers."""

from typing import get_args

import pytest

from deploys.apps.servers import SERVERS, WRAPPER, Run
from deploys.apps.wrapper import HELD
from deploys.config.apps import ServerName
from deploys.places.apps import AppPlaces

RUN = Run("shop.main:app", 20010, 3, 10, "/api/v1")


def test_every_server_that_may_be_named_has_a_row() -> None:
    assert set(SERVERS) == set(get_args(ServerName))


@pytest.mark.parametrize("name", get_args(ServerName))
def test_it_listens_at_the_socket_that_it_is_handed(name: ServerName) -> None:
    """gunicorn does by itself; who is told a port is run by what has it take the socket over."""
    command = SERVERS[name].arguments(RUN)
    assert command[0] in {WRAPPER, "gunicorn"} or command[command.index("--bind") + 1] == f"fd://{HELD}"
    assert "--workers 3" in " ".join(command)


@pytest.mark.parametrize("name", get_args(ServerName))
def test_it_is_told_to_write_no_access_log(name: ServerName) -> None:
    words = [word for word in SERVERS[name].arguments(RUN) if "access" in word]
    assert words == (["--no-access-log"] if name == "uvicorn" else [])


@pytest.mark.parametrize("name", get_args(ServerName))
def test_the_proxy_gives_an_idle_connection_up_first(name: ServerName) -> None:
    assert 0 < AppPlaces("shop", 20000).idle <= SERVERS[name].keep_alive / 2


@pytest.mark.parametrize("name", get_args(ServerName))
def test_it_believes_exactly_the_proxy(name: ServerName) -> None:
    server = SERVERS[name]
    command = server.arguments(RUN)
    if "--forwarded-allow-ips" in command:
        assert command[command.index("--forwarded-allow-ips") + 1] == "127.0.0.1"
    else:
        assert server.is_wrapped

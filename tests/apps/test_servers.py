"""The rows of the table of servers."""

from dataclasses import replace
from typing import get_args

import pytest

from deploys.apps.servers import SERVERS, WRAPPER, Run
from deploys.apps.wrapper.listen import HELD
from deploys.config.app_servers import WSGI_SERVERS, Interface, ServerName
from deploys.places.apps import AppPlaces

RUN = Run(port=20010, workers=3, threads=5, graceful=10, prefix="/api/v1")

Row = tuple[Interface, ServerName]


def test_every_server_that_may_be_named_has_a_row() -> None:
    asgi = {("asgi", name) for name in get_args(ServerName)}
    assert set(SERVERS) == asgi | {("wsgi", name) for name in WSGI_SERVERS}


@pytest.mark.parametrize("row", SERVERS)
def test_it_listens_at_the_socket_that_it_is_handed(row: Row) -> None:
    """Who is told a port is one that the wrapper has take the socket over."""
    command = SERVERS[row].arguments(RUN)
    assert (command[0] == "hypercorn") == (f"fd://{HELD}" in command)
    assert "--workers 3" in " ".join(command)


@pytest.mark.parametrize("row", SERVERS)
def test_it_is_told_how_many_workers_it_has_though_it_is_one(row: Row) -> None:
    """Or WEB_CONCURRENCY among the app's variables would say another number."""
    assert "--workers 1" in " ".join(SERVERS[row].arguments(replace(RUN, workers=1)))


@pytest.mark.parametrize("row", SERVERS)
def test_it_is_told_to_write_no_access_log(row: Row) -> None:
    words = [word for word in SERVERS[row].arguments(RUN) if "access" in word]
    assert words == (["--no-access-log"] if row == ("asgi", "uvicorn") else [])


@pytest.mark.parametrize("row", SERVERS)
def test_the_proxy_gives_an_idle_connection_up_first(row: Row) -> None:
    assert 0 < AppPlaces("shop", 20000).idle <= SERVERS[row].keep_alive / 2


@pytest.mark.parametrize("row", SERVERS)
def test_it_believes_exactly_the_proxy(row: Row) -> None:
    command = SERVERS[row].arguments(RUN)
    if "--forwarded-allow-ips" in command:
        assert command[command.index("--forwarded-allow-ips") + 1] == "127.0.0.1"
    else:
        assert f"{WRAPPER}.asgi:unwrapped" not in command


@pytest.mark.parametrize("name", WSGI_SERVERS)
def test_a_worker_for_wsgi_has_its_threads(name: ServerName) -> None:
    command = SERVERS["wsgi", name].arguments(RUN)
    assert command[command.index("--threads" if name == "gunicorn" else "--blocking-threads") + 1] == "5"

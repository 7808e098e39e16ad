"""Workers go one at a time, and one of uvicorn's goes on for whoever is connected, and tells them."""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from deploys.apps.wrapper.recycling import Recycling, Turns, counted, recycle_uvicorn
from tests.lab.waiting import until


async def app(scope: Any, _receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while scope["path"] == "/endless":
        await send({"type": "http.response.body", "body": b"more", "more_body": True})
        await asyncio.sleep(0.1)
    await send({"type": "http.response.body", "body": b"well"})


class Worker:
    """A server on a thread of its own."""

    def __init__(self) -> None:
        config = uvicorn.Config(app, port=0, lifespan="off", log_config=None)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        until(lambda: self.server.started, within=10, otherwise="it does not start")
        self.host, self.port = self.server.servers[0].sockets[0].getsockname()

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port)

    def makes_way(self) -> None:
        until(lambda: not self._listens(), within=10, otherwise="it does not make way")

    def ends(self) -> None:
        until(lambda: not self.thread.is_alive(), within=10, otherwise="it does not end")

    def _listens(self) -> bool:
        return any(listener.is_serving() for listener in self.server.servers)


@pytest.fixture
def patience() -> float:
    return 60


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, patience: float) -> Iterator[Worker]:
    for name in ("startup", "on_tick", "shutdown"):
        monkeypatch.setattr(uvicorn.Server, name, getattr(uvicorn.Server, name))
    recycle_uvicorn(Recycling(after=1, workers=1, patience=patience), Turns(1, tmp_path / "workers"))
    worker = Worker()
    yield worker
    worker.server.should_exit = worker.server.force_exit = True
    worker.thread.join()


def ask(connection: http.client.HTTPConnection) -> tuple[bytes, str | None]:
    connection.request("POST", "/", b"x")
    answer = connection.getresponse()
    return answer.read(), answer.getheader("Connection")


def test_a_kept_connection_is_answered_once_more(worker: Worker) -> None:
    connection = worker.connection()
    assert ask(connection) == (b"well", None)
    worker.makes_way()
    assert ask(connection) == (b"well", "close")


def test_a_connection_that_has_sent_nothing_yet_is_answered(worker: Worker) -> None:
    late = worker.connection()
    late.connect()
    ask(worker.connection())
    worker.makes_way()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((worker.host, worker.port))
    assert ask(late) == (b"well", "close")


def test_it_ends_when_nobody_is_connected(worker: Worker) -> None:
    connection = worker.connection()
    ask(connection)
    worker.makes_way()
    assert worker.thread.is_alive()
    connection.close()
    worker.ends()


def test_it_ends_when_it_is_told_to_though_somebody_is_connected(worker: Worker) -> None:
    connection = worker.connection()
    ask(connection)
    worker.makes_way()
    worker.server.should_exit = True
    worker.ends()
    assert connection.sock.recv(1) == b""


@pytest.mark.parametrize("patience", [1.0])
def test_it_ends_when_its_patience_does_though_an_answer_has_no_end(worker: Worker) -> None:
    """Else it would keep the turn, and no other worker would ever make way."""
    connection = worker.connection()
    connection.request("GET", "/endless")
    answer = connection.getresponse()
    ask(worker.connection())
    worker.ends()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert len(cut.value.partial) >= 5 * len(b"more"), "expected it to go on meanwhile"


WORKER = """
import sys
from pathlib import Path
from deploys.apps.wrapper.recycling import Turns
turns = Turns(2, Path(sys.argv[1]))
turns.arrive()
print("here", flush=True)
for _ in sys.stdin:
    print("goes" if turns.may_go() else "stays", flush=True)
"""


class Other:
    """A worker, as a process of its own."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-c", WORKER, str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._said() == "here"

    def asked(self) -> str:
        assert self.process.stdin
        print("may I go?", file=self.process.stdin, flush=True)
        return self._said()

    def ends(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _said(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Callable[[], Other]]:
    started: list[Other] = []

    def start() -> Other:
        started.append(Other(tmp_path / "workers"))
        return started[-1]

    yield start
    for other in started:
        other.ends()


def test_one_goes_at_a_time_and_only_while_the_others_are_there(others: Callable[[], Other]) -> None:
    first = others()
    assert first.asked() == "stays", "expected it to wait for the other one"
    second = others()
    assert first.asked() == "goes"
    assert second.asked() == "stays", "expected it to wait while the first one goes"
    first.ends()
    assert second.asked() == "stays", "expected it to wait for who comes in place of the first one"
    third = others()
    assert second.asked() == "goes"
    assert third.asked() == "stays"


def test_a_worker_of_gunicorns_is_told_to_end_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _process, signal: told.append(signal))
    app = counted(lambda *_: [b"well"], Recycling(after=3, workers=1, patience=1), Turns(1, tmp_path / "w"))
    answers = [(app({}, None), list(told)) for _ in range(5)]
    assert answers == [([b"well"], [])] * 2 + [([b"well"], [signal.SIGTERM])] * 3


class Gunicorns:
    """What a worker of gunicorn's has of its settings and of signals."""

    def __init__(self) -> None:
        self.cfg = self
        self.settings: dict[str, int] = {}

    def set(self, name: str, value: int) -> None:
        self.settings[name] = value

    def handle_exit(self, _signal: int, _frame: object) -> None:
        raise AssertionError


def test_a_worker_of_gunicorns_waits_as_long_as_it_is_told_from_when_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: None)
    worker = Gunicorns()
    former = signal.signal(signal.SIGTERM, worker.handle_exit)
    try:
        app = counted(
            lambda *_: [b"well"], Recycling(after=2, workers=1, patience=90), Turns(1, tmp_path / "w")
        )
        settings = [(app({}, None), dict(worker.settings))[1] for _ in range(2)]
    finally:
        signal.signal(signal.SIGTERM, former)
    assert settings == [{}, {"graceful_timeout": 90}]

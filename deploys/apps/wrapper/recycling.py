"""Within a release: workers that make way for new ones after so many requests, and lose none.

One goes at a time, and only while all the others are there. uvicorn closes idle connections at once as it
ends, and the proxy may be sending a request on one of them, so a worker of its waits until nobody is
connected any more. gunicorn's workers with threads see to that themselves.
"""

import asyncio
import fcntl
import importlib
import itertools
import json
import math
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

_POLL = 0.1
_END = 1
"""Seconds in which a worker of uvicorn's ends whatever has gone on for longer than its patience."""


class Recycling(NamedTuple):
    """What the settings say of it."""

    after: int
    """How many requests a worker answers."""
    workers: int
    """How many there are."""
    patience: float
    """Seconds that whoever is connected has when a worker goes."""


def recycling() -> "Recycling | None":
    """Read the settings; None where workers are to stay."""
    said = os.environ.get("GATEHOUSE_RECYCLING")
    return Recycling(**json.loads(said)) if said else None


class Turns:
    """Which workers are there, and which of them goes.

    Told by locks on the bytes of a file, which end with a process however it ends, and which no child of an
    app's inherits.
    """

    _GOING = 0

    def __init__(self, workers: int, path: "Path | None" = None) -> None:
        # A unit has a directory for temporary files of its own.
        self._path = path or Path(tempfile.gettempdir(), "gatehouse-workers")
        self._workers = workers
        # Twice as many, as whoever looks whether a place is taken has it for a moment.
        self._places = range(1, 2 * workers + 1)

    def arrive(self) -> None:
        """Count among those that are there from now on."""
        self._file = self._path.open("w")
        self._place = next(filter(self._take, self._places), None)

    def may_go(self) -> bool:
        """Say whether it is this worker's turn; if so, it is nobody else's until this one has ended."""
        if not self._take(self._GOING):
            return False
        others = sum(map(self._is_taken, self._places))
        if others + 1 >= self._workers:
            return True
        self._leave(self._GOING)
        return False

    def _is_taken(self, place: int) -> bool:
        if place == self._place:
            return False
        if self._take(place):
            self._leave(place)
            return False
        return True

    def _take(self, place: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        return True

    def _leave(self, place: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)


def recycle_uvicorn(wanted: Recycling, turns: Turns) -> None:
    """Have each server of uvicorn's end when it has answered enough, and nobody is connected any more."""
    server = importlib.import_module("uvicorn.server").Server
    startup, on_tick, shutdown = server.startup, server.on_tick, server.shutdown

    async def start(self: Any, *arguments: Any, **options: Any) -> None:
        await startup(self, *arguments, **options)
        turns.arrive()

    async def tick(self: Any, counter: int) -> bool:
        if await on_tick(self, counter):
            return True
        return bool(self.server_state.total_requests >= wanted.after) and turns.may_go()

    async def finish(self: Any, *arguments: Any, **options: Any) -> None:
        # It is set where the server is told to stop: by then the traffic has moved.
        if not self.should_exit:
            await _finish(self, wanted.patience)
        await shutdown(self, *arguments, **options)

    server.startup, server.on_tick, server.shutdown = start, tick, finish


async def _finish(server: Any, patience: float) -> None:
    for listener in server.servers:
        listener.close()
    state, config = server.server_state, server.config
    # Whoever asks once more hears that it was the last time; the proxy closes what it has no use for.
    state.default_headers = [*state.default_headers, (b"connection", b"close")]
    deadline = asyncio.get_running_loop().time() + patience
    while state.connections and not server.should_exit and asyncio.get_running_loop().time() < deadline:
        if config.callback_notify:  # gunicorn takes a silent worker for a dead one
            await config.callback_notify()
        await asyncio.sleep(_POLL)
    if state.connections and not server.should_exit:
        # Else an answer without an end would keep the worker, and with it the turn of all others.
        config.timeout_graceful_shutdown = _END


def counted(app: Callable[..., Any], wanted: Recycling, turns: Turns) -> Callable[..., Any]:
    """Have a worker of gunicorn's end in good order when its app has answered enough."""
    turns.arrive()
    answered, lock = itertools.count(1), threading.Lock()

    def count(*arguments: Any) -> Any:
        if next(answered) >= wanted.after and lock.acquire(blocking=False):
            if turns.may_go():
                _let_gunicorn_wait(wanted.patience)
                os.kill(os.getpid(), signal.SIGTERM)
            else:
                lock.release()
        return app(*arguments)

    return count


def _let_gunicorn_wait(patience: float) -> None:
    """Have this worker alone wait so long for open requests: its master goes by the same setting."""
    # No app is told which worker runs it; its handler of signals is one of the worker's methods.
    worker = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if config := getattr(worker, "cfg", None):
        config.set("graceful_timeout", math.ceil(patience))

"""Within a release: a server, run at the socket that systemd holds."""

import importlib
import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Any

from .fitting import fitted, program, too_old

HELD = 3
"""The descriptor of the socket that systemd holds (sd_listen_fds(3))."""

_BACKLOG = 1024
"""As many connections as granian has wait by itself."""


def take_over(server: str) -> None:
    """Have a server, and the workers that it starts, listen at the socket that systemd holds.

    Raises:
        RuntimeError: its version cannot.

    """
    if server == "hypercorn":  # it does by itself
        return
    if server == "gunicorn":  # and so does it
        _keep_gunicorn()
        return
    package, adopt = ("granian", _by_granian) if server == "granian" else ("uvicorn", _by_uvicorn)
    try:
        adopt()
    except (AttributeError, ImportError, TypeError):
        raise too_old(package) from None


def _by_uvicorn() -> None:
    # Not by --fd, which makes a unix socket of it: no TCP_NODELAY, and no peer where there is uvloop.
    uvicorn = importlib.import_module("uvicorn")
    run, _ = uvicorn.Server.run, uvicorn.Config.bind_socket

    def run_there(server: Any, sockets: "list[socket.socket] | None" = None) -> Any:
        _be_patient(server.config)
        return run(server, sockets=sockets or [_held()])

    def bind_there(config: Any) -> socket.socket:
        # Before there are workers, which inherit it.
        _be_patient(config)
        return _held()

    uvicorn.Server.run, uvicorn.Config.bind_socket = run_there, bind_there


def _be_patient(config: Any) -> None:
    """Keep idle connections for as long as the settings say; `fastapi run` has no option for that."""
    if said := os.environ.get("GATEHOUSE_KEEP_ALIVE"):
        config.timeout_keep_alive = int(said)


def _by_granian() -> None:
    holder = importlib.import_module("granian.net").SocketHolder
    server = importlib.import_module("granian.server.common").AbstractServer
    _ = server._init_shared_socket  # there is no other way in
    held = holder(HELD, False, _BACKLOG)  # no unix socket; its arguments have no names

    def init_there(self: Any) -> None:
        self._ssp, self._shd, self._sfd = None, held, HELD

    server._init_shared_socket = init_there


def _keep_gunicorn() -> None:
    """Have it stay the process and the user that it is started as, and say nowhere which process that is.

    Old versions set their own user again, which the sandbox forbids; and a gunicorn.conf.py that was made
    for another server may name a user, a file in /run, or have it go to the background.
    """
    util: Any = importlib.import_module("gunicorn.util")
    util.set_owner_process = util.daemonize = util.chown = lambda *_, **__: None
    importlib.import_module("gunicorn.pidfile").Pidfile.create = lambda *_: None


def _held() -> socket.socket:
    return socket.socket(fileno=HELD)


def main() -> None:
    """Run the server that the first word names, with what of the others its version knows."""
    # As by `python -m`, which a variable of the app's could keep from it. Worker processes inherit the path.
    sys.path.insert(0, str(Path.cwd()))
    del sys.argv[0]
    take_over(sys.argv[0])
    sys.argv[1:] = fitted(sys.argv[0], sys.argv[1:])
    runpy.run_module(program(sys.argv[0]), run_name="__main__")

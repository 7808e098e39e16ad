"""The ASGI servers that gatehouse knows, a row each. Pure.

Whichever server runs an app, the proxy takes the prefix off the path and the app finds path and
root_path as the ASGI specification wants them: uvicorn does that itself, given --root-path; for the
others the release carries a wrapper (`wrapper.py`), which also believes the proxy's headers where the
server would not, and believes nobody else's.

None of them opens a port: systemd holds it, and hands the socket over. gunicorn and hypercorn take it as it
is; the wrapper runs the others, and gives it to them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deploys.apps.wrapper import HELD
from deploys.config.apps import ServerName

KEEP_ALIVE = 75
"""Seconds that an idle connection from the proxy is kept. The proxy keeps it for less, so that it is
never the app server that closes a connection which the proxy is about to use."""

LONGEST_HEAD = 1 << 20
"""Bytes of a request's head that a server takes: more than `max_header` can be, so that the proxy decides."""

WRAPPER = "gatehouse_asgi"
"""The module that wraps the app, or runs the server that has to be given its socket."""


@dataclass(frozen=True)
class Run:
    """What a server is told about the app that it runs."""

    asgi: str
    """`module:attribute`, or `module:factory()`."""
    port: int
    workers: int
    graceful: int
    """Seconds that open requests get when the server is told to stop."""
    prefix: str = ""
    """The path under which the app's users see it, which the proxy takes off; empty for the root."""

    @property
    def is_factory(self) -> bool:
        return self.asgi.endswith("()")

    @property
    def reference(self) -> str:
        return self.asgi.removesuffix("()")


@dataclass(frozen=True)
class AsgiServer:
    """One server: how it is installed where the app does not bring it, and how it is run."""

    requirements: Mapping[str, str]
    """From a module that an app which brings the server can import to what is installed otherwise."""
    arguments: Callable[[Run], list[str]]
    """What follows `python -m`."""
    is_wrapped: bool
    """Whether what it runs is our wrapper, which runs the app."""
    keep_alive: int = KEEP_ALIVE
    """Seconds after which it closes an idle connection."""
    ends_in_time: bool = True
    """Whether it ends when the time for open requests is over, though a client still has one."""


_UVICORN = {"uvicorn": "uvicorn[standard]==0.54.0"}


def _uvicorn(run: Run) -> list[str]:
    return [
        *(WRAPPER, "uvicorn", run.reference),
        *(["--factory"] if run.is_factory else []),
        *("--host", "127.0.0.1", "--port", str(run.port)),
        *("--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"),
        *(["--root-path", run.prefix] if run.prefix else []),
        *("--timeout-keep-alive", str(KEEP_ALIVE), "--h11-max-incomplete-event-size", str(LONGEST_HEAD)),
        *("--timeout-graceful-shutdown", str(run.graceful)),
        *(["--workers", str(run.workers)] if run.workers > 1 else []),
        *("--no-server-header", "--no-access-log"),
    ]


def _fastapi(run: Run) -> list[str]:
    return [
        *(WRAPPER, "fastapi", "run", "--entrypoint", run.reference),
        *("--host", "127.0.0.1", "--port", str(run.port)),
        *("--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"),
        *(["--root-path", run.prefix] if run.prefix else []),
        *(["--workers", str(run.workers)] if run.workers > 1 else []),
    ]


def _hypercorn(run: Run) -> list[str]:
    return [
        *("hypercorn", f"{WRAPPER}:app", "--bind", f"fd://{HELD}"),
        *("--workers", str(run.workers), "--keep-alive", str(KEEP_ALIVE)),
        *("--graceful-timeout", str(run.graceful)),
    ]


def _gunicorn(worker: str) -> Callable[[Run], list[str]]:
    def arguments(run: Run) -> list[str]:
        # It knows by itself that it is handed a socket, and then binds nothing.
        return [
            *("gunicorn", f"{WRAPPER}:app", "--worker-class", worker),
            *("--bind", f"127.0.0.1:{run.port}", "--workers", str(run.workers)),
            *("--forwarded-allow-ips", "127.0.0.1", "--keep-alive", str(KEEP_ALIVE)),
            *("--graceful-timeout", str(run.graceful), "--no-control-socket"),
            *("--limit-request-line", "0", "--limit-request-field_size", str(LONGEST_HEAD)),
        ]

    return arguments


def _granian(run: Run) -> list[str]:
    return [
        *(WRAPPER, "granian", "--interface", "asgi", "--http", "1"),
        *("--host", "127.0.0.1", "--port", str(run.port), "--workers", str(run.workers)),
        *("--http1-header-read-timeout", "60000", "--workers-kill-timeout", str(run.graceful)),
        *("--respawn-failed-workers", f"{WRAPPER}:app"),
    ]


_GUNICORN = {"gunicorn": "gunicorn==27.0.1"}

SERVERS: Mapping[ServerName, AsgiServer] = {
    "uvicorn": AsgiServer(_UVICORN, _uvicorn, is_wrapped=False),
    # It cannot be told how long to keep connections: uvicorn's own 5 seconds.
    "fastapi": AsgiServer(
        {"fastapi_cli": "fastapi-cli==0.0.34"} | _UVICORN,
        _fastapi,
        is_wrapped=False,
        keep_alive=5,
        ends_in_time=False,
    ),
    # From Python 3.12 on, it waits for all connections before it begins to count.
    "hypercorn": AsgiServer(
        {"hypercorn": "hypercorn==0.18.0"}, _hypercorn, is_wrapped=True, ends_in_time=False
    ),
    "gunicorn": AsgiServer(_GUNICORN, _gunicorn("asgi"), is_wrapped=True),
    "gunicorn-uvicorn": AsgiServer(
        _GUNICORN | _UVICORN | {"uvicorn_worker": "uvicorn-worker==0.4.0"},
        _gunicorn("uvicorn_worker.UvicornWorker"),
        is_wrapped=True,
    ),
    "granian": AsgiServer({"granian": "granian==2.8.7"}, _granian, is_wrapped=True, keep_alive=60),
}

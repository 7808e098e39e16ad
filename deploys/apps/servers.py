"""The servers that gatehouse knows, a row for each and for each interface that it has for apps. Pure.

Whichever server runs an app, the proxy takes the prefix off the path and the app finds path and
prefix as the specifications of ASGI and WSGI want them: uvicorn does that itself, given --root-path; for
the others the release carries a wrapper (`wrapper/`), which also believes the proxy's headers where the
server would not, and believes nobody else's. The wrapper refuses an app of the other interface, too. Where a
load balancer stands before the app, and no proxy, the wrapper says whom to believe, whichever the server is.

None of them opens a port: systemd holds it, and hands the socket over. gunicorn and hypercorn take it as it
is; the wrapper gives it to the others. It runs them all, with what their version knows of options, and a
count of workers for each: where none is said, WEB_CONCURRENCY among the app's variables would say it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deploys.apps.wrapper.listen import HELD
from deploys.config.app_servers import Interface, ServerName
from deploys.config.apps import App

KEEP_ALIVE = 75
"""Seconds that an idle connection from the proxy is kept. The proxy keeps it for less, so that it is
never the app server that closes a connection which the proxy is about to use."""

_LONGER = 15

LONGEST_HEAD = 1 << 20
"""Bytes of a request's head that a server takes: more than `max_header` can be, so that the proxy decides."""

WRAPPER = "gatehouse_server"
"""The package in a release that has the app, and runs its server."""

PROGRAM = "__main__.py"
"""The file beside it, by which Python runs the directory of both."""

_ASGI, _WSGI = f"{WRAPPER}.asgi:app", f"{WRAPPER}.wsgi:app"
_UNWRAPPED = f"{WRAPPER}.asgi:unwrapped"


@dataclass(frozen=True)
class Run:
    """What a server is told about the app that it runs."""

    port: int
    workers: int
    threads: int
    """How many requests a worker answers at a time, where it has a thread for each."""
    graceful: int
    """Seconds that open requests get when the server is told to stop."""
    prefix: str = ""
    """The path under which the app's users see it, which the proxy takes off; empty for the root."""
    idle_timeout: int | None = None
    """Seconds for which a load balancer keeps an idle connection, where one stands before the app; then the
    wrapper alone says whom to believe."""

    @property
    def keep_alive(self) -> int:
        """Seconds for which an idle connection is kept: longer than whoever connects keeps it."""
        return KEEP_ALIVE if self.idle_timeout is None else self.idle_timeout + _LONGER

    @property
    def trusted(self) -> list[str]:
        """Whom uvicorn believes by itself."""
        if self.idle_timeout is not None:
            return ["--no-proxy-headers"]
        return ["--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"]

    @property
    def app(self) -> str:
        """The app, for a server that knows proxies and prefixes itself."""
        return _UNWRAPPED if self.idle_timeout is None else _ASGI


@dataclass(frozen=True)
class AppServer:
    """A server with an interface: how it is installed where the app does not bring it, and how it is run."""

    requirements: Mapping[str, str]
    """From a module that an app which brings the server can import to what is installed otherwise."""
    arguments: Callable[[Run], list[str]]
    """What the wrapper runs: the server's name, and what follows it."""
    keep_alive: int = KEEP_ALIVE
    """Seconds after which it closes an idle connection."""
    ends_in_time: bool = True
    """Whether it ends when the time for open requests is over, though a client still has one."""


_UVICORN = {"uvicorn": "uvicorn[standard]==0.54.0"}


def _uvicorn(run: Run) -> list[str]:
    return [
        *("uvicorn", run.app),
        *("--host", "127.0.0.1", "--port", str(run.port)),
        *run.trusted,
        *(["--root-path", run.prefix] if run.prefix else []),
        *("--timeout-keep-alive", str(run.keep_alive), "--h11-max-incomplete-event-size", str(LONGEST_HEAD)),
        *("--timeout-graceful-shutdown", str(run.graceful)),
        *("--workers", str(run.workers)),
        *("--no-server-header", "--no-access-log"),
    ]


def _fastapi(run: Run) -> list[str]:
    return [
        *("fastapi", "run", "--entrypoint", run.app),
        *("--host", "127.0.0.1", "--port", str(run.port)),
        *run.trusted,
        *(["--root-path", run.prefix] if run.prefix else []),
        *("--workers", str(run.workers)),
    ]


def _hypercorn(run: Run) -> list[str]:
    return [
        *("hypercorn", _ASGI, "--bind", f"fd://{HELD}"),
        *("--workers", str(run.workers), "--keep-alive", str(run.keep_alive)),
        *("--graceful-timeout", str(run.graceful)),
    ]


def _gunicorn(app: str, worker: str) -> Callable[[Run], list[str]]:
    def arguments(run: Run) -> list[str]:
        # It knows by itself that it is handed a socket, and then binds nothing. What runs it there leaves
        # options out that an older version does not know.
        return [
            *("gunicorn", app, "--worker-class", worker),
            *(["--threads", str(run.threads)] if app == _WSGI else []),
            # To a WSGI app `X_Forwarded_For` is the load balancer's own word, which lets it through.
            *(["--header-map", "drop"] if app == _WSGI and run.idle_timeout is not None else []),
            *("--bind", f"127.0.0.1:{run.port}", "--workers", str(run.workers)),
            *("--forwarded-allow-ips", "127.0.0.1" if run.idle_timeout is None else ""),
            *("--keep-alive", str(run.keep_alive)),
            *("--graceful-timeout", str(run.graceful), "--no-control-socket"),
            *("--limit-request-line", "0", "--limit-request-field_size", str(LONGEST_HEAD)),
        ]

    return arguments


def _granian(app: str, interface: str) -> Callable[[Run], list[str]]:
    def arguments(run: Run) -> list[str]:
        return [
            *("granian", "--interface", interface, "--http", "1"),
            *(["--blocking-threads", str(run.threads)] if app == _WSGI else []),
            *("--host", "127.0.0.1", "--port", str(run.port), "--workers", str(run.workers)),
            *("--http1-header-read-timeout", "60000", "--workers-kill-timeout", str(run.graceful)),
            *("--respawn-failed-workers", app),
        ]

    return arguments


_GUNICORN = {"gunicorn": "gunicorn==27.0.1"}
_GRANIAN = {"granian": "granian==2.8.7"}

SERVERS: Mapping[tuple[Interface, ServerName], AppServer] = {
    ("asgi", "uvicorn"): AppServer(_UVICORN, _uvicorn),
    # It cannot be told how long to keep connections: uvicorn's own 5 seconds.
    ("asgi", "fastapi"): AppServer(
        {"fastapi_cli": "fastapi-cli==0.0.34"} | _UVICORN,
        _fastapi,
        keep_alive=5,
        ends_in_time=False,
    ),
    # From Python 3.12 on, it waits for all connections before it begins to count.
    ("asgi", "hypercorn"): AppServer({"hypercorn": "hypercorn==0.18.0"}, _hypercorn, ends_in_time=False),
    ("asgi", "gunicorn"): AppServer(_GUNICORN, _gunicorn(_ASGI, "asgi")),
    ("asgi", "gunicorn-uvicorn"): AppServer(
        _GUNICORN | _UVICORN | {"uvicorn_worker": "uvicorn-worker==0.4.0"},
        _gunicorn(_ASGI, "uvicorn_worker.UvicornWorker"),
    ),
    ("asgi", "granian"): AppServer(_GRANIAN, _granian(_ASGI, "asgi"), keep_alive=60),
    ("wsgi", "gunicorn"): AppServer(_GUNICORN, _gunicorn(_WSGI, "gthread")),
    ("wsgi", "granian"): AppServer(_GRANIAN, _granian(_WSGI, "wsgi"), keep_alive=60),
}


def server_of(app: App) -> AppServer:
    """Give the row of the server that runs the app."""
    return SERVERS[app.interface, app.server]

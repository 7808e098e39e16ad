"""The ASGI servers that gatehouse knows, a row each. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

KEEP_ALIVE = 75
"""Seconds that an idle connection from the proxy is kept; above the proxy's own 60, so that it is
never the app server which closes one that the proxy is about to use."""


@dataclass(frozen=True)
class Run:
    """What a server is told about the app that it runs."""

    asgi: str
    """`module:attribute`, or `module:factory()`."""
    port: int
    workers: int
    graceful: int
    """Seconds that open requests get when the server is told to stop."""

    @property
    def is_factory(self) -> bool:
        return self.asgi.endswith("()")

    @property
    def reference(self) -> str:
        return self.asgi.removesuffix("()")


@dataclass(frozen=True)
class AsgiServer:
    """One server: how it is installed where the app does not bring it, and how it is run."""

    module: str
    """What an app that brings it can import."""
    requirement: str
    """What pip is asked for otherwise."""
    arguments: Callable[[Run], list[str]]
    """What follows `python -m`."""


def _uvicorn(run: Run) -> list[str]:
    return [
        *("uvicorn", run.reference),
        *(["--factory"] if run.is_factory else []),
        *("--host", "127.0.0.1", "--port", str(run.port)),
        *("--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"),
        *("--timeout-keep-alive", str(KEEP_ALIVE)),
        *("--timeout-graceful-shutdown", str(run.graceful)),
        *(["--workers", str(run.workers)] if run.workers > 1 else []),
        "--no-server-header",
    ]


SERVERS = {"uvicorn": AsgiServer("uvicorn", "uvicorn[standard]==0.54.0", _uvicorn)}

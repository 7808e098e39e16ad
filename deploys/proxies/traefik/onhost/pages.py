"""On the host: the program that answers for Traefik, which has no files: the CA's challenge, and pages.

systemd holds its port and hands it over. It runs as nobody, and can read what everybody can.
"""

import re
import socket
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from deploys.onhost import files, heads
from deploys.proxies.traefik.onhost import where

_HANDED = 3
"""The first socket that systemd hands over (sd_listen_fds(3))."""
_CHALLENGE = re.compile(r"/\.well-known/acme-challenge/[A-Za-z0-9_-]+")
_PAGE = re.compile(r"/(?P<status>[45]\d\d)/[A-Za-z0-9.:-]+\.html")
_LINGERS = 30.0
"""Seconds for which the rest of a body is taken after the answer, which could get lost otherwise."""


def main(settings: dict[str, Any]) -> None:
    """Answer for ever.

    Args:
        settings: `webroot`, below which the challenges are.

    """
    Handler.webroot = settings["webroot"]
    with Server(socket.socket(fileno=_HANDED)) as server:
        server.serve_forever()


class Server(ThreadingHTTPServer):
    """A server at a socket that is there already."""

    daemon_threads = True

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(listening.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening


class Handler(BaseHTTPRequestHandler):
    """Answers with files that others have written.

    A connection is for one request: so nothing in a body can ever be taken for another one.
    """

    webroot: ClassVar[str] = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def __getattr__(self, name: str) -> Any:
        # The base class looks for `do_GET` and so on; Traefik lets all methods through.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def setup(self) -> None:
        """Read what clients have said, which Traefik passes on as it came."""
        super().setup()
        self.rfile = heads.Lines(self.rfile.detach())

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        page = _PAGE.fullmatch(path)
        if page:
            self._send(
                int(page["status"]), _read(f"{where.LIVE}/{where.PAGES}{path}"), "text/html; charset=utf-8"
            )
        elif not _CHALLENGE.fullmatch(path):
            self._send(404, b"")
        elif self.command not in {"GET", "HEAD"}:
            self._send(405, b"")
        else:
            token = _read(f"{self.webroot}{path}")
            self._send(200 if token else 404, token, "text/plain")

    def _send(self, status: int, content: bytes, kind: str = "text/plain") -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def finish(self) -> None:
        """Close the connection once the other end has: what has come unread would have it reset."""
        super().finish()
        until = time.monotonic() + _LINGERS
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(1 << 16):
                    return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Leave the log to Traefik."""


def _read(path: str) -> bytes:
    try:
        return files.read(Path(path))
    except OSError:
        return b""

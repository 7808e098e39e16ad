"""Cloudflare's list of its networks as this machine plays it, to whoever takes it for a proxy."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

from tests.serving import serving

Answers = Mapping[str, tuple[int, str]]
"""Status and text, or where it leads to, by path."""


@dataclass(frozen=True)
class Played:
    """Who plays it, and what it has been asked for."""

    port: int
    roots: Path
    asked: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """What has a program come here for it, and take it for the real one."""
        proxy = f"http://127.0.0.1:{self.port}"
        return {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "SSL_CERT_FILE": str(self.roots)}


@contextmanager
def playing(answers: Answers, folder: Path, *, trusted: bool = True) -> Iterator[Played]:
    """Play it for as long as the context lasts.

    Args:
        answers: what comes back.
        folder: where the roots go by which it is trusted.
        trusted: whether it is by those that it is signed.

    """
    ca = trustme.CA()
    roots = folder / "roots.pem"
    (ca if trusted else trustme.CA()).cert_pem.write_to_path(roots)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("www.cloudflare.com", "www.cloudflare.com.evil.test").configure_cert(context)
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:  # http.server calls it so
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            try:
                link = context.wrap_socket(self.connection, server_side=True)
            except OSError:
                return
            with link, link.makefile("rb") as self.rfile, link.makefile("wb") as self.wfile:
                self.handle_one_request()
            self.close_connection = True

        def do_GET(self) -> None:  # http.server calls it so
            asked.append(self.path)
            status, text = answers[self.path]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", text)
                text = ""
            self.send_header("Content-Length", str(len(text)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(text.encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with serving(server):
        yield Played(server.server_port, roots, asked)

"""Where alerts arrive: a real HTTP server and a real SMTP server, which keep what they are sent."""

import queue
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.serving import serving

PATIENCE = 300
"""Seconds for what comes within a few on a machine that has nothing else to do."""


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Endpoint:
    url: str
    posts: "queue.Queue[Post]" = field(default_factory=queue.Queue)

    def next(self) -> Post:
        """Wait for the next post."""
        return self.posts.get(timeout=PATIENCE)


@contextmanager
def endpoint(address: str, status: int = 204, headers: Mapping[str, str] | None = None) -> Iterator[Endpoint]:
    """Listen for posts on a free port of an address, and answer them with a status and with headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.keep(body)

        def do_GET(self) -> None:
            self.keep("")

        def keep(self, body: str) -> None:
            found.posts.put(Post(self.path, dict(self.headers), body))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    found = Endpoint(f"http://{address}:{server.server_port}/alerts")
    with serving(server):
        yield found


@dataclass(frozen=True)
class Mailbox:
    address: str
    port: int
    messages: "queue.Queue[Message]" = field(default_factory=queue.Queue)
    logins: list[tuple[str, str]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, Any]:
        """What alerts by mail say to reach it."""
        return {
            "to": ["ops@gatehouse.test", "night@gatehouse.test"],
            "sender": "server@gatehouse.test",
            "server": self.address,
            "port": self.port,
            "security": "none",
            "user": "server",
            "password": "hunter2",
        }

    def next(self) -> Message:
        """Wait for the next message."""
        return self.messages.get(timeout=PATIENCE)


@contextmanager
def mailbox(
    address: str, port: int = 2525, security: str = "none", context: ssl.SSLContext | None = None
) -> Iterator[Mailbox]:
    """Take mail at an address, from whoever logs in, over TLS as a `security` of the settings has it."""
    found = Mailbox(address, port)

    class Handler:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
            found.messages.put(message_from_bytes(bytes(envelope.original_content or b"")))
            return "250 OK"

    def login(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        found.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=True)

    controller = Controller(
        Handler(),
        hostname=address,
        port=port,
        authenticator=login,
        auth_required=True,
        auth_require_tls=False,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
    )
    with warnings.catch_warnings():
        # A test of the login itself, on the lab's own network.
        warnings.simplefilter("ignore", UserWarning)
        controller.start()
        try:
            yield found
        finally:
            controller.stop()

"""Where alerts arrive: a real HTTP server and a real SMTP server, which keep what they are sent."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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
        return self.posts.get(timeout=60)


@contextmanager
def endpoint(address: str) -> Iterator[Endpoint]:
    """Listen for posts on a free port of an address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.posts.put(Post(self.path, dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    found = Endpoint(f"http://{address}:{server.server_port}/alerts")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()

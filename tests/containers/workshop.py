"""A server of the lab with an app on it that is an image."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apps.workshop import Workshop
from tests.containers import image

APP = """
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = "first"

class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = {
            "words": WORDS, "pid": INSTANCE, "environment": dict(os.environ), "uid": os.getuid(),
            "client": self.client_address[0],
        }
        body = json.dumps(answer).encode()
        self.send_response(500 if WORDS == "unhealthy" and self.path == "/health" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *words):
        pass

# Each start of a container has processes of the same numbers.
INSTANCE = os.urandom(4).hex()
"""

SERVE = """
ThreadingHTTPServer.request_queue_size = 1024
ThreadingHTTPServer(("0.0.0.0", 8000), Answers).serve_forever()
"""

TELL = """
import json, os, socket, sys

def connects(place):
    host, _, port = place.rpartition(":")
    connection = socket.socket()
    connection.settimeout(3)
    return connection.connect_ex((host, int(port))) == 0

def writes(folder):
    try:
        open(f"{folder}/written", "w").close()
    except OSError:
        return False
    return True

status = dict(line.rstrip().split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
print(json.dumps({
    "uid": os.getuid(), "at": os.getcwd(), "map": open("/proc/self/uid_map").read().split(),
    "status": {key: status[key] for key in ("CapBnd", "CapEff", "NoNewPrivs", "Seccomp")},
    "environment": dict(os.environ), "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "connects": {word: connects(word) for word in sys.argv[1:] if ":" in word},
    "writes": {word: writes(word) for word in sys.argv[1:] if ":" not in word},
    "credential": open(os.environ["CREDENTIALS_DIRECTORY"] + "/KEY").read(),
}))
"""
"""What a container is, seen from the inside; words with a colon say where to connect, others where to
write."""


@dataclass(frozen=True)
class ImageWorkshop(Workshop):
    """A workshop whose app is an image."""

    FIRST_PORT = 18000
    APPS = 2000

    @property
    def file(self) -> Path:
        return self.folder / "shop.tar"

    def says(self, words: str, extra: str = "") -> None:
        """Have the image answer with other words, and do something more before it serves."""
        source = APP.replace('"first"', repr(words)) + extra + SERVE
        image.archive(self.file, {"main.py": source, "tell.py": TELL})

    def host_data(self, **changes: Any) -> dict[str, Any]:
        data = super().host_data(**changes)
        app = data["apps"][self.name]
        if not {"asgi", "wsgi"} & {*self.settings, *changes}:
            del app["asgi"]
        if app["source"] == str(self.folder):
            app["source"] = {"image": str(self.file)}
        return data

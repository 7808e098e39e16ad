"""What strangers ask for in the lab: the cloud's metadata service and an index of packages, both played.

Run as `python -m tests.strangers.services LOG PORT...`; whatever is asked for is written to the log. The
index leads to the machine's usual one, so that a build which asks it goes on.
"""

import http.server
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from pip._internal.models.index import PyPI

from tests.lab import trust

LOG = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
USUAL = trust.indexes(trust.host_pip_settings())[0] or PyPI.simple_url
INDEX = "/poisoned/simple/"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with LOG.open("a") as log:
            log.write(f"{self.client_address[0]} {self.path}\n")
        body = b"the machine's own credentials"
        if self.path.startswith(INDEX):
            self.send_response(302)
            self.send_header("Location", f"{USUAL}/{self.path.removeprefix(INDEX)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


if __name__ == "__main__":
    servers = [Server(("::", int(port)), Handler) for port in sys.argv[2:]]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()

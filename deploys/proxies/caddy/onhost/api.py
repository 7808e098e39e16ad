"""On the host: Caddy's own API, by a socket in a directory that nobody but root and Caddy can enter."""

import http.client
import json
import socket
from typing import Any

from deploys.onhost import words
from deploys.proxies.caddy.onhost import places

_PATIENCE = 60
"""Seconds within which it must have taken a configuration."""


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_PATIENCE)
        self.sock.connect(str(places.SOCKET))


def load(config: "dict[str, Any]") -> str:
    """Have Caddy run a configuration, and say why it does not; it goes on with the former one then."""
    try:
        status, said = _ask("POST", "/load", json.dumps(config).encode())
    except (OSError, http.client.HTTPException) as error:
        return f"does not answer: {error}"
    return "" if status == 200 else refusal(said)


def running() -> Any:
    """Give the configuration that Caddy runs; None where it runs none."""
    try:
        status, said = _ask("GET", "/config/", None)
        return json.loads(said) if status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None


def refusal(said: bytes) -> str:
    """Read why Caddy refuses what it was asked for."""
    try:
        text = str(json.loads(said)["error"])
    except (ValueError, KeyError, TypeError):
        text = said.decode(errors="replace")
    return words.shown(text, 1000)


def _ask(method: str, path: str, body: "bytes | None") -> "tuple[int, bytes]":
    connection = _Connection("127.0.0.1")
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()

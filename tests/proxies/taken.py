"""A port that another program has."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab import Server


@contextmanager
def taken(server: Server, port: int, kind: str = "STREAM") -> Iterator[None]:
    """Have a program listen at a port, by a unit of its own."""
    begin = {"STREAM": " s.listen();", "DGRAM": ""}[kind]
    listen = f"import socket, time; s = socket.socket(type=socket.SOCK_{kind}); s.bind(('', {port}));{begin}"
    listen += " time.sleep(999)"
    server.run(f"systemd-run -q --collect --unit=taker python3 -c {shlex.quote(listen)}")
    server.run(f"timeout 10 sh -c 'until ss -Hlntu sport = :{port} | grep -q .; do sleep 0.1; done'")
    try:
        yield
    finally:
        server.run("systemctl stop taker")

"""A server with services of its own and a cloud beside it, and an app on it that tries to reach them."""

import json
from dataclasses import dataclass
from typing import Any

from tests.apps.workshop import Workshop
from tests.lab import Server
from tests.provision import Run, pyinfra

CLOUD, CLOUD6 = "10.99.0.2", "fd99::2"
METADATA = ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")
LINK_LOCAL = "fe80::a9fe:a9fe"

# Answers on TCP and UDP at all of its addresses, and on Unix sockets, that the former run may have left.
LISTENER = """
import os, selectors, socket, sys

waiting = selectors.DefaultSelector()

def listen(family, kind, address):
    ours = socket.socket(family, kind)
    if family == socket.AF_INET6:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ours.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    ours.bind(address)
    if kind == socket.SOCK_STREAM:
        ours.listen(64)
    waiting.register(ours, selectors.EVENT_READ)

for where in sys.argv[1:]:
    kind, _, place = where.partition(":")
    if kind == "unix":
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if os.path.exists(place):
            os.unlink(place)
        listen(socket.AF_UNIX, socket.SOCK_STREAM, place)
        os.chmod(place, 0o666)
    else:
        kind = socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM
        listen(socket.AF_INET6, kind, ("::", int(place)))
while True:
    for key, _ in waiting.select():
        if key.fileobj.type == socket.SOCK_STREAM:
            key.fileobj.accept()[0].close()
        else:
            key.fileobj.sendto(*key.fileobj.recvfrom(100))
"""

OURS = (
    *("tcp:5432", "tcp:80", "tcp:443", "tcp:53", "tcp:6379", "udp:53", "udp:8125"),
    *("unix:/run/postgresql/.s.PGSQL.5432", "unix:/run/docker.sock", "unix:/run/redis/redis.sock"),
)

CLOUD_SETUP = f"""
ip netns add cloud
ip link add cloud0 type veth peer name eth0 netns cloud
ip addr add 10.99.0.1/24 dev cloud0 && ip addr add fd99::1/64 dev cloud0 nodad && ip link set cloud0 up
ip -n cloud link set lo up && ip -n cloud link set eth0 up
ip -n cloud addr add {CLOUD}/24 dev eth0 && ip -n cloud addr add {CLOUD6}/64 dev eth0 nodad
ip -n cloud addr add {LINK_LOCAL}/64 dev eth0 nodad
for address in {" ".join(METADATA)}; do
    ip -n cloud addr add $address dev eth0 nodad
    case $address in *:*) via={CLOUD6} ;; *) via={CLOUD} ;; esac
    ip route add $address via $via
done
"""

ATTEMPT = """
import json, os, socket

KINDS = {"tcp": (socket.SOCK_STREAM, 0), "mptcp": (socket.SOCK_STREAM, 262), "udp": (socket.SOCK_DGRAM, 0)}

def attempt(kind, place, port):
    try:
        if kind == "unix":
            family, address = socket.AF_UNIX, place
            how = (socket.SOCK_DGRAM if port else socket.SOCK_STREAM, 0)
        else:
            how = KINDS[kind]
            (family, *_, address), *_ = socket.getaddrinfo(place, port, type=how[0])
        with socket.socket(family, *how) as ours:
            ours.settimeout(5)
            ours.connect(address)
            if kind == "udp":
                ours.send(b"?")
                ours.recv(100)
        return "open"
    except OSError as error:
        return type(error).__name__

def attempts(table):
    return [attempt(*row) for row in table]
"""

# A build backend that lies in the source: what it tries, any package that is built can.
BACKEND = """
import json, pathlib, zipfile
from attempts import attempts

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    found = attempts(json.loads(pathlib.Path("table.json").read_text()))
    pathlib.Path("built.json").write_text(json.dumps(found))
    name = "shop-1-py3-none-any.whl"
    about = "Metadata-Version: 2.1\\nName: shop\\nVersion: 1\\n"
    wheel = "Wheel-Version: 1.0\\nGenerator: none\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w") as archive:
        archive.writestr("shop-1.dist-info/METADATA", about)
        archive.writestr("shop-1.dist-info/WHEEL", wheel)
        archive.writestr("shop-1.dist-info/RECORD", "")
    return name

build_editable = build_wheel
"""

PROJECT = """
[project]
name = "shop"
version = "1"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""

TRIES = """
from pathlib import Path
from attempts import attempts

answering = app
async def app(scope, receive, send):
    global WORDS
    if scope.get("path") == "/try":
        tried = attempts(json.loads(Path("table.json").read_text()))
        WORDS = {"run": tried, "build": json.loads(Path("built.json").read_text())}
    await answering(scope, receive, send)
"""

Attempt = tuple[str, str, int]


@dataclass(frozen=True)
class Surroundings:
    """The app that tries, and another one."""

    shop: Workshop
    cafe: Workshop

    @property
    def server(self) -> Server:
        return self.shop.server

    def prepare(self) -> None:
        """Start the services of the server, and those of the cloud."""
        self.server.run("systemctl disable --now nginx")  # the services are to have its port
        self.server.run("cat > /usr/local/lib/listener.py", stdin=LISTENER)
        self.server.run(CLOUD_SETUP)
        listener = "/usr/bin/python3 /usr/local/lib/listener.py"
        self.server.run(f"systemd-run --unit=services {listener} {' '.join(OURS)}")
        cloud = "ip netns exec cloud"
        self.server.run(f"systemd-run --unit=cloud {cloud} {listener} tcp:80 tcp:53 tcp:8080 udp:53")
        for unit in ("services", "cloud"):
            self.server.run(f"systemctl is-active {unit} || {{ journalctl -qu {unit} >&2; exit 1; }}")
        self.server.run("timeout 30 sh -c 'until ss -Htln sport = :5432 | grep -q .; do sleep 0.1; done'")

    def writes(self, words: str, table: list[Attempt]) -> None:
        """Write the source of the app, which tries what the table has."""
        folder = self.shop.folder
        (folder / "attempts.py").write_text(ATTEMPT)
        (folder / "backend.py").write_text(BACKEND)
        (folder / "pyproject.toml").write_text(PROJECT)
        (folder / "table.json").write_text(json.dumps(table))
        self.shop.says(words, TRIES)

    def deploy(self, *flags: str, yes: bool = True, **changes: Any) -> Run:
        """Release both apps, the one that tries with some of its settings changed."""
        data = self.shop.host_data(**changes)
        other = self.cafe.host_data()
        data["apps"] |= other["apps"]
        data["sites"] |= other["sites"]
        return pyinfra({self.server.name: data}, *flags, deploy="tests/apps/apps_alone.py", yes=yes)

    def tried(self, words: str, table: list[Attempt], **changes: Any) -> dict[str, list[str]]:
        """Build and run the app, and give what became of the attempts of both."""
        self.writes(words, table)
        self.deploy(**changes).check()
        found: dict[str, list[str]] = self.shop.answer("/try")["words"]
        return found

"""A lab server with a neighbour and secrets of its own, before the stranger comes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house import House
from tests.lab import Lab
from tests.lab.clients import Client
from tests.lab.shell import run
from tests.lab.waiting import until
from tests.provision import ROOT

METADATA, METADATA6 = "169.254.169.254", "fd00:ec2::254"
INDEX_PORT = 8000
NEIGHBOUR = Path(__file__).with_name("neighbour")

LEDGER = """
import os, socket, threading
def serve(server):
    server.listen(100)
    while True:
        client, _ = server.accept()
        try:
            client.sendall(b"the ledger")
        except OSError:
            pass
        client.close()
def tcp(family, address):
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(address)
    return server
unix = socket.socket(socket.AF_UNIX)
unix.bind("/run/ledger/ledger.sock")
os.chmod("/run/ledger/ledger.sock", 0o777)
servers = [unix, tcp(socket.AF_INET, ("127.0.0.1", 5432)), tcp(socket.AF_INET, ("0.0.0.0", 5433)),
           tcp(socket.AF_INET6, ("::1", 5432))]
for server in servers[1:]:
    threading.Thread(target=serve, args=(server,), daemon=True).start()
serve(servers[0])
"""
UNIT = """
[Service]
ExecStart=/usr/bin/python3 /opt/ledger.py
DynamicUser=yes
RuntimeDirectory=ledger
[Install]
WantedBy=multi-user.target
"""
ALERT = '#!/bin/sh\n{ echo "$1"; cat; } >> /var/log/alerts\n'
PREPARE = """
umask 022
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3 procps > /dev/null
cat > /opt/ledger.py <<'END'
{ledger}
END
cat > /etc/systemd/system/ledger.service <<'END'
{unit}
END
systemctl daemon-reload
systemctl enable --now --quiet ledger.service
# It makes the file that it locks when it is first started.
systemctl start apt-daily.service
cat > /usr/local/bin/alert-sink <<'END'
{alert}
END
chmod 755 /usr/local/bin/alert-sink
install -m 4755 /usr/bin/id /usr/local/bin/who-as-root
mkdir -p /srv/uploads/blocked
echo 'blocked words' > /srv/uploads/blocked/words
install -m 600 /dev/null /root/secret
echo 'hunter2, says root' > /root/secret
touch /root/canaries /var/log/alerts
ip route replace {metadata}/32 via {services}
ip -6 route replace {metadata6}/128 via {services6}
"""


@dataclass(frozen=True)
class Stage:
    """The server, its settings, and the cloud beside it."""

    house: House
    source: Path
    services: Client
    log: Path

    @property
    def index(self) -> str:
        return f"{self.services.address}:{INDEX_PORT}"


@contextmanager
def prepared(lab: Lab, debian: str, folder: Path) -> Iterator[Stage]:
    """Boot a server, and give it all that a stranger must not get."""
    server = lab.up(f"strangers-{debian}", debian=debian, furnished=True)
    services = lab.client(f"cloud-{debian}")
    log = folder / "asked"
    log.touch()
    with _played(services, log):
        server.run(
            "sh -eu",
            stdin=PREPARE.format(
                ledger=LEDGER,
                unit=UNIT,
                alert=ALERT,
                metadata=METADATA,
                metadata6=METADATA6,
                services=services.address,
                services6=services.address6,
            ),
        )
        source = folder / "guest"
        yield Stage(House.on(lab, server, **settings(server.name, source, folder)), source, services, log)


def settings(name: str, source: Path, folder: Path) -> dict[str, Any]:
    """Say what the server is to be: a bank, and a guest beside it."""
    secret = folder / "token"
    secret.write_text("hunter2")
    passphrase = folder / "passphrase"
    passphrase.write_text("correct horse battery staple")
    app = {"health": {"path": "/health", "timeout": 20, "settle": 0}, "drain": 2}
    return {
        "alerts": {"command": "/usr/local/bin/alert-sink"},
        "backup": {"file": str(folder / "kept.backup"), "passphrase_file": str(passphrase)},
        "apps": {
            "bank": {
                **app,
                "source": str(NEIGHBOUR),
                "asgi": "bank.main:app",
                "secrets": {
                    "TOKEN": {"file": str(secret)},
                    "KEY": {"file": str(secret), "deliver": "credential"},
                },
            },
            "guest": {
                **app,
                "source": str(source),
                "asgi": "stranger.main:app",
                "sandbox": {"writable": ["/srv/uploads"]},
                "env": {"PYTHONPATH": "/var/lib/app-guest/path", "ENV": "/var/lib/app-guest/profile"},
            },
        },
        "sites": {
            f"bank.{name}.test": {
                "routes": {
                    "/": {"app": "bank"},
                    "/public/": {"files": "bank/static", "release_of": "bank"},
                }
            },
            f"guest.{name}.test": {
                "blocked": ["/uploads/blocked"],
                "routes": {
                    "/": {"app": "guest"},
                    "/files/": {"files": "stranger/static", "release_of": "guest"},
                    "/uploads/": {"files": "/srv/uploads"},
                },
            },
        },
    }


@contextmanager
def _played(services: Client, log: Path) -> Iterator[None]:
    inside = ["ip", "-n", services.namespace, "address", "replace"]
    run([*inside, f"{METADATA}/32", "dev", "eth0"])
    run([*inside, f"{METADATA6}/128", "dev", "eth0", "nodad"])
    command = [sys.executable, "-m", "tests.strangers.services", str(log), "80", str(INDEX_PORT)]
    with_us = ["setpriv", "--pdeathsig", "KILL", *services.command(*command)]
    process = subprocess.Popen(with_us, cwd=ROOT)
    ask = services.command("curl", "--silent", "--fail", f"http://{METADATA}/played")
    try:
        until(
            lambda: subprocess.run(ask, capture_output=True, check=False).returncode == 0,
            within=20,
            otherwise="the played metadata service does not answer",
        )
        yield
    finally:
        process.kill()
        process.wait()


def slot(house: House, app: str) -> str:
    """Give the slot of an app that has the traffic."""
    mark = f"/var/lib/gatehouse/live/{app}-b"
    return "b" if house.server.run(f"test -e {mark}", check=False).returncode == 0 else "a"

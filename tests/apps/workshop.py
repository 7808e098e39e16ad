"""A server of the lab with apps of a test's own on it, made of a few lines each, without a proxy."""

import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from tests.lab import Lab, Server
from tests.provision import Run, pyinfra

DEPLOY = "tests/apps/apps_alone.py"

APP = """
import json, os, sys

WORDS = "first"

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
    answer = {"words": WORDS, "pid": os.getpid(), "environment": dict(os.environ), "uid": os.getuid()}
    status = 500 if WORDS == "unhealthy" and scope["path"] == "/health" else 200
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
"""

ASK = (
    "python3 -c 'import urllib.request as u, sys;"
    ' print(u.urlopen(u.Request("http://127.0.0.1:%d%s", headers=dict(Host="x"))).read().decode())\''
)


@dataclass(frozen=True)
class Workshop:
    """A server, and a folder on the controller with an app's source."""

    FIRST_PORT: ClassVar[int] = 10000
    APPS: ClassVar[int] = 4000
    """How many there could be beside each other."""

    lab: Lab
    server: Server
    folder: Path
    name: str
    port: int
    settings: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, lab: Lab, server: Server, folder: Path, name: str, settings: dict[str, Any]) -> Self:
        """Give an app of a name its ports on a server."""
        port = cls.FIRST_PORT + 2 * (zlib.crc32(name.encode()) % cls.APPS)
        return cls(lab, server, folder, name, port, settings)

    def __post_init__(self) -> None:
        (self.folder / "shop").mkdir(parents=True, exist_ok=True)
        self.says("first")

    def says(self, words: str, extra: str = "") -> None:
        """Have the source answer with other words, and do something more when it is imported."""
        source = APP.replace("first", words) + extra
        (self.folder / "shop" / "main.py").write_text(source)

    def host_data(self, **changes: Any) -> dict[str, Any]:
        """What an inventory says of the server: how to reach it, and the one app."""
        app = {
            "source": str(self.folder),
            "asgi": "shop.main:app",
            "port": self.port,
            "health": {"path": "/health", "timeout": 60, "settle": 0},
            "drain": 2,
            **self.settings,
            **changes,
        }
        return {
            "ssh_hostname": str(self.server.address),
            "ssh_user": "root",
            "ssh_key": str(self.server.key),
            "ssh_known_hosts_file": str(self.server.known_hosts),
            "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
            "apps": {self.name: app},
            "sites": {f"{self.name}.test": {"routes": {"/": {"app": self.name}}}},
        }

    def deploy(self, *flags: str, deploy: str = DEPLOY, yes: bool = True, **changes: Any) -> Run:
        """Release the app, with some of its settings changed."""
        return pyinfra({self.server.name: self.host_data(**changes)}, *flags, deploy=deploy, yes=yes)

    def live(self) -> str:
        """Name the slot that has the traffic."""
        mark = f"test -e /var/lib/gatehouse/live/{self.name}-b"
        return "b" if self.server.run(mark, check=False).returncode == 0 else "a"

    def answer(self, path: str = "/") -> dict[str, Any]:
        """Ask the slot that has the traffic."""
        port = self.port + (self.live() == "b")
        found: dict[str, Any] = json.loads(self.server.run(ASK % (port, path)).stdout)
        return found

    def unit(self, slot: str | None = None, part: str = "service") -> str:
        """Name a unit: of the slot that has the traffic, unless told otherwise."""
        return f"gatehouse-{self.name}-{slot or self.live()}.{part}"

    def state(self, unit: str) -> str:
        """Give the state of a unit, as `systemctl is-active` says it."""
        return self.server.run(f"systemctl is-active {unit}", check=False).stdout.strip()

    def running(self) -> list[str]:
        """List the app's units that run."""
        pattern = f"'gatehouse-{self.name}-*'"
        shown = self.server.run(f"systemctl list-units --plain --no-legend --state=active {pattern}").stdout
        return sorted(line.split()[0] for line in shown.splitlines())

    def releases(self) -> list[str]:
        """List what lies among the releases."""
        return sorted(self.server.run(f"ls /srv/{self.name}/releases").stdout.split(), key=int)

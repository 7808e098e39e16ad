"""A server without a proxy, and a load balancer before it: this machine, and another one of its networks."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploys.load import server_from
from tests.house import House
from tests.lab import Lab, Server
from tests.lab.clients import Client
from tests.outside.client import Outside
from tests.outside.load import Load

PORT = 8000
DEMO: dict[str, Any] = {"source": "tests/demo", "asgi": "demo.main:app", "health": {"path": "/health"}}


@dataclass(frozen=True)
class Behind:
    """The server, who is before it, and who is beside."""

    house: House
    balancer: Client
    stranger: Client

    @classmethod
    def on(cls, lab: Lab, server: Server, apps: Mapping[str, Any], **more: Any) -> "Behind":
        """Give a server apps that a load balancer reaches, from this machine and one other."""
        balancer, stranger = lab.client("balancer"), lab.client("stranger")
        networks = [f"{server.subnet.address(1)}/32", f"{balancer.address}/32"]
        settings = {"proxy": "none", "edge": {"addresses": networks}, "apps": apps, **more}
        return cls(House(lab, server, settings), balancer, stranger)

    @property
    def server(self) -> Server:
        return self.house.server

    def name(self, app: str = "demo") -> str:
        return str(self.house.settings["apps"][app]["public"]["name"])

    def deploy(self, *flags: str, **more: Any) -> Any:
        return self.house.deploy(*flags, **more)

    def ask(
        self,
        path: str = "/echo",
        *headers: str,
        of: Client | None = None,
        at: str = "",
        port: int = PORT,
        app: str = "demo",
    ) -> dict[str, Any]:
        """Ask from one of the load balancer's machines, or from another client."""
        words = [at or str(self.server.address), str(port), self.name(app), path, *headers]
        command = (of or self.balancer).command(sys.executable, "-m", "tests.proxies.none.asked", *words)
        found: dict[str, Any] = json.loads(subprocess.check_output(command, text=True))
        return found

    def load(self, rate: int, sockets: int = 4, port: int = PORT, app: str = "demo") -> Load:
        """A load as a load balancer passes it on: plain HTTP, on connections kept as long as it is told."""
        outside = Outside(self.name(app), str(self.server.address), self.house.lab.ca.root)
        public = server_from(self.house.settings).apps[app].public
        assert public, f"{app} is reached by nobody"
        return Plain(outside, rate, sockets, port=port, keeps=public.idle_timeout)

    @property
    def leads(self) -> dict[int, int]:
        """Where the kernel leads each public port, by its own word."""
        said = self.server.run("nft --json list map inet gatehouse_front slots").stdout
        (found,) = [one["map"] for one in json.loads(said)["nftables"] if "map" in one]
        return dict(found.get("elem", []))

    @property
    def slots(self) -> tuple[int, int]:
        """The ports of the demo app's slots."""
        port = server_from(self.house.settings).port("demo")
        return port, port + 1


class Plain(Load):
    """A load over plain HTTP, at a port."""

    def __init__(self, site: Outside, rate: int, sockets: int, port: int, keeps: float) -> None:
        super().__init__(site, rate, sockets, keeps=keeps)
        self._port = port

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._site.address, self._port)

    @property
    def _socket(self) -> dict[str, Any]:
        url = f"ws://{self._site.domain}:{self._port}/ws"
        return {"uri": url, "host": self._site.address, "port": self._port}


def demo(domain: str, **more: Any) -> dict[str, Any]:
    """Make the settings of the demo app, as it is reached by a name."""
    return {**DEMO, "public": {"name": domain, "port": PORT}, **more}

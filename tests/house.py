"""A server of the lab with one site on it, as a user of gatehouse has it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from deploys.load import server_from
from tests.lab import Lab, Server
from tests.lab.clients import Client
from tests.outside.client import Outside
from tests.provision import Run, pyinfra


@dataclass(frozen=True)
class House:
    """A lab server, the settings that it is given, and the view of it from outside."""

    lab: Lab
    server: Server
    settings: Mapping[str, Any] = field(hash=False)

    @classmethod
    def on(cls, lab: Lab, server: Server, **settings: Any) -> "House":
        """Give a server its names and settings: the demo app on one site, unless told otherwise."""
        domain = f"www.{server.name}.test"
        house = cls(
            lab,
            server,
            {
                "acme": {
                    "email": "ops@gatehouse.test",
                    "directory": lab.ca.directory,
                    "ca_bundle": str(lab.ca.bundle),
                },
                "apps": {
                    "demo": {
                        "source": "tests/demo",
                        "asgi": "demo.main:app",
                        "health": {"path": "/health"},
                    }
                },
                "sites": {domain: {"aliases": [f"{server.name}.test"], "routes": {"/": {"app": "demo"}}}},
                **settings,
            },
        )
        for name, site in house.settings["sites"].items():
            for known in (name, *site.get("aliases", ())):
                lab.set_name(known, str(server.address))
        return house

    @property
    def domain(self) -> str:
        """The name of the first site."""
        return str(next(iter(self.settings["sites"])))

    @property
    def host_data(self) -> dict[str, Any]:
        """What an inventory says of the server: how to reach it, and what it is to be."""
        return {
            "ssh_hostname": str(self.server.address),
            "ssh_user": "root",
            "ssh_key": str(self.server.key),
            "ssh_known_hosts_file": str(self.server.known_hosts),
            **self.settings,
        }

    def deploy(
        self,
        *flags: str,
        deploy: str = "deploys/site.py",
        yes: bool = True,
        client: Client | None = None,
        **changes: Any,
    ) -> Run:
        """Run a deploy, with some of the settings changed, on this machine or on a client."""
        data = self.host_data | changes
        return pyinfra({self.server.name: data}, *flags, deploy=deploy, yes=yes, client=client)

    @cached_property
    def outside(self) -> Outside:
        """The site as its users see it."""
        server = server_from(self.settings)
        ports = tuple(server.port(app) + slot for app in server.apps for slot in (0, 1))
        return Outside(self.domain, str(self.server.address), Path(self.lab.ca.root), ports)

    def app(self, path: str = "/echo") -> Any:
        """Ask the app and take its JSON answer."""
        answer = self.outside.get(path)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}: {answer.text[:200]}"
        return json.loads(answer.text)


def sites(*domains: str, **more: object) -> dict[str, object]:
    """Make the settings of sites that serve a folder."""
    return {domain: {"routes": {"/": {"files": "/srv/www"}}, **more} for domain in domains}

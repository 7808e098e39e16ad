"""A Traefik on this machine, given one configuration after another, and asked what it makes of it."""

import json
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

from deploys.proxies.traefik.onhost import api, choices, where
from tests.lab.waiting import until


@dataclass(frozen=True)
class Aside:
    """It runs, and follows a file in a folder of its own."""

    folder: Path
    port: int
    pair: tuple[str, str]
    """A chain and a key that stand for whichever certificates there are."""

    def problems(self, routing: Mapping[str, Any], marks: bool = False) -> list[str]:
        """Give it a routing to follow, and list what it does not take of it."""
        chosen = choices.chosen(dict(routing), lambda _: marks)
        chain, key = self.pair
        chosen = choices.with_certificates(chosen, lambda path: chain if path.endswith("chain.pem") else key)
        digest, content = choices.named(chosen)
        before = self._log()
        (self.folder / "new").write_text(content)
        (self.folder / "new").rename(self.folder / "routing.yml")
        until(
            lambda: api.is_running(digest, self.port) or len(self._log()) > len(before),
            within=60,
            otherwise="Traefik does not take it",
        )
        return [*api.problems(self.port), *self._log()[len(before) :]]

    def _log(self) -> list[str]:
        path = self.folder / "log"
        return path.read_text().splitlines() if path.exists() else []


@contextmanager
def aside(program: Path, static: Mapping[str, Any], folder: Path) -> Iterator[Aside]:
    """Start one with a static configuration, but at ports that are free."""
    found = json.loads(json.dumps(static))
    ports = {name: _free_port() for name in found["entryPoints"]}
    for name, port in ports.items():
        found["entryPoints"][name]["address"] = f"{where.LOOPBACK}:{port}"
    found["providers"]["file"]["filename"] = str(folder / "routing.yml")
    found["log"]["filePath"] = str(folder / "log")
    found["accessLog"]["filePath"] = str(folder / "access.log")
    (folder / "traefik.yml").write_text(choices.text(found))
    (folder / "routing.yml").write_text("{}")
    issued = trustme.CA().issue_cert("example.com")
    chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems).decode()
    pair = (chain, issued.private_key_pem.bytes().decode())
    process = subprocess.Popen([program, f"--configfile={folder / 'traefik.yml'}"], stderr=subprocess.PIPE)
    try:
        yield Aside(folder, ports["traefik"], pair)
    finally:
        process.kill()
        process.communicate()


def _free_port() -> int:
    with socket.create_server((where.LOOPBACK, 0)) as held:
        port: int = held.getsockname()[1]
        return port

"""A lab server with nothing but a proxy: apps and certificates that it stands in front of are ours."""

import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme

from deploys import remote
from deploys.base.machine import LOOK, Machine, machine_from
from deploys.load import server_from
from deploys.places.apps import LIVE
from deploys.places.certificates import WEBROOT
from deploys.places.sites import MAINTENANCE
from deploys.proxies.contract import Proxy
from deploys.proxies.lacks import lacking
from deploys.proxies.table import PROXIES, proxy_for
from deploys.routing import lineages, routing
from tests.conformance.wire import Wire
from tests.lab import Lab, Server
from tests.lab.programs import PINNED, program
from tests.provision import Run, pyinfra

PROXYING: Mapping[str, Proxy] = {name: proxy for name, proxy in PROXIES.items() if "sites" not in proxy.lacks}
"""Those that stand in front of sites themselves."""
ECHO = Path(__file__).parent.parent / "conformance" / "echo.py"
UNIT = """\
[Unit]
After=network.target
[Service]
ExecStart=/usr/bin/python3 /usr/local/lib/echo.py {ports}
Restart=always
RestartSec=0
[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class Stage:
    """One server, the settings that its proxy renders, and the CA that its sites' certificates are from."""

    lab: Lab
    name: str
    settings: Mapping[str, Any] = field(hash=False)
    ca: trustme.CA = field(hash=False)

    @classmethod
    def on(cls, lab: Lab, name: str, debian: str, settings: Mapping[str, Any]) -> "Stage":
        """Boot a server, and put there what the proxy needs of the other parts."""
        server = lab.up(name, debian=debian, furnished=True, nginx=settings.get("proxy", "nginx") == "nginx")
        stage = cls(lab, name, settings, own_ca(server.layout.state))
        server.run(f"mkdir -p {LIVE} {MAINTENANCE} {WEBROOT}/.well-known/acme-challenge")
        server.run(f"echo answer > {WEBROOT}/.well-known/acme-challenge/token")
        stage.put_certificates()
        return stage

    @property
    def server(self) -> Server:
        return self.lab.server(self.name)

    @property
    def roots(self) -> Path:
        return self.server.layout.state / "stage-ca.pem"

    @property
    def client(self) -> str:
        """The address from which we come."""
        return str(self.server.subnet.address(1))

    @property
    def wire(self) -> Wire:
        return Wire(str(self.server.address), self.roots)

    @property
    def wire6(self) -> Wire:
        return Wire(str(self.server.address6), self.roots)

    @property
    def proxy(self) -> Proxy:
        """The proxy that its settings name."""
        return proxy_for(server_from(self.settings))

    def refusals(self, **changes: Any) -> list[str]:
        """List what the proxy of this server cannot do of settings."""
        server = server_from({**self.settings, **changes})
        return [*lacking(server, self.proxy.lacks), *self.proxy.refusals(server, self.machine)]

    @contextmanager
    def other_address(self, address: str) -> Iterator[None]:
        """Have one more address on the lab's network ourselves."""
        route = subprocess.check_output(["ip", "-6", "route", "get", str(self.server.address6)], text=True)
        device = route.split(" dev ")[1].split()[0]
        change = ("dev", device, "nodad")
        subprocess.run(["ip", "address", "add", f"{address}/128", *change], check=True)
        try:
            yield
        finally:
            subprocess.run(["ip", "address", "del", f"{address}/128", "dev", device], check=True)

    def restart(self) -> None:
        """Have the proxy forget whatever it remembers."""
        self.server.run(f"systemctl reset-failed {self.proxy.unit}; systemctl restart {self.proxy.unit}")

    def reload(self) -> None:
        """Have the proxy read its configuration again."""
        for command in self.proxy.reload:
            self.server.run(shlex.join(command))

    def obey(self) -> None:
        """Have the proxy carry out what marks say, as whoever has put them there does."""
        for command in self.proxy.obey:
            self.server.run(shlex.join(command))

    def put_certificates(self) -> None:
        """Have a certificate where each site looks for it."""
        for lineage in lineages(server_from(self.settings)):
            if self.server.run(f"test -e {lineage.key}", check=False).returncode == 0:
                continue
            issued = self.ca.issue_cert(*lineage.names)
            chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems).decode()
            self.server.run(f"mkdir -p {lineage.directory} && cat > {lineage.chain}", stdin=chain)
            key = issued.private_key_pem.bytes().decode()
            self.server.run(f"umask 077 && cat > {lineage.key}", stdin=key)

    def put_apps(self, ports: Mapping[str, int]) -> None:
        """Run an app that tells what reaches it, under each name on its port; it needs Python."""
        words = " ".join(f"{name}={port}" for name, port in ports.items())
        self.server.run("cat > /usr/local/lib/echo.py", stdin=ECHO.read_text())
        self.server.run("cat > /etc/systemd/system/echo.service", stdin=UNIT.format(ports=words))
        self.server.run("systemctl daemon-reload && systemctl enable -q echo && systemctl restart echo")
        listening = " && ".join(f"ss -Hltn sport = :{port} | grep -q ." for port in ports.values())
        self.server.run(f"timeout 20 sh -c 'until {listening}; do sleep 0.1; done'")

    def put_file(self, path: str, content: str) -> None:
        quoted = shlex.quote(path)
        self.server.run(f"mkdir -p $(dirname {quoted}) && cat > {quoted}", stdin=content)

    def deploy(self, *flags: str, deploy: str = "tests/proxies/proxy_alone.py", **changes: Any) -> Run:
        """Run the proxy's part of a deploy, with some settings changed."""
        server = self.server
        data = {
            "ssh_hostname": str(server.address),
            "ssh_user": "root",
            "ssh_key": str(server.key),
            "ssh_known_hosts_file": str(server.known_hosts),
            **self.settings,
            **changes,
        }
        return pyinfra({self.name: data}, *flags, deploy=deploy, yes="--dry" not in flags)

    @property
    def machine(self) -> Machine:
        """What a deploy finds the server to be."""
        said = self.server.run(remote.script(LOOK.text).get_raw_value()).stdout
        return machine_from(said.splitlines(), self.name)

    def render(self, **changes: Any) -> Mapping[str, str]:
        """Render the configuration for this server, as a deploy does."""
        return self.proxy.render(routing(server_from({**self.settings, **changes})), self.machine, {})


def chosen_proxy(lab: Lab, name: str) -> dict[str, Any]:
    """Give the settings that choose a proxy: Debian's, or the program that the lab has."""
    return (
        {"proxy": name, "proxy_program": {"file": str(program(lab.layout, name))}} if name in PINNED else {}
    )


def own_ca(state: Path) -> trustme.CA:
    """Give the CA of the lab's stages; a server that is still there has its certificates."""
    certificate, key = state / "stage-ca.pem", state / "stage-ca.key"
    if not key.exists():
        made = trustme.CA()
        certificate.write_bytes(made.cert_pem.bytes())
        key.write_bytes(made.private_key_pem.bytes())
    return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())

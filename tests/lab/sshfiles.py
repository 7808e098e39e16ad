"""The files by which any SSH client reaches the servers: known_hosts and an ssh_config."""

from collections.abc import Iterable
from pathlib import Path

from tests.lab import keys
from tests.lab.layout import Layout
from tests.lab.server import PORT, USER, Server


def write(layout: Layout, servers: Iterable[Server]) -> None:
    listed = list(servers)
    layout.ssh.mkdir(parents=True, exist_ok=True)
    _replace(layout.ssh / "known_hosts", "".join(_known(server) for server in listed))
    _replace(layout.ssh / "config", "\n".join(_host(server) for server in listed))


def _replace(path: Path, content: str) -> None:
    """Write a file that others read meanwhile: they find the former one, or all of the new one."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(content)
    new.replace(path)


def _known(server: Server) -> str:
    names = f"{server.name},{server.address},{server.address6}"
    folder = server.layout.servers / server.name / "upper/etc/ssh"
    return "".join(f"{names} {key}\n" for key in keys.host_keys(folder))


def _host(server: Server) -> str:
    return f"""\
Host {server.name}
    HostName {server.address}
    Port {PORT}
    User {USER}
    IdentityFile "{server.key}"
    IdentitiesOnly yes
    UserKnownHostsFile "{server.known_hosts}"
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
    BatchMode yes
    ConnectTimeout 30
    ServerAliveInterval 10
    LogLevel ERROR
"""

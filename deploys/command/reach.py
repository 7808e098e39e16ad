"""Whether a server can be reached: what can be seen before, and what a failure to connect means."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyinfra.api.host import Host
from pyinfra.connectors.ssh import SSHConnector

from deploys.command.naming import ROOT
from deploys.onhost.words import shown

_MOST = 200


def problems(hosts: Iterable[Host]) -> list[str]:
    """List what keeps hosts from being reached, as far as this machine alone can say."""
    return [problem for host in hosts if _speaks_ssh(host) for problem in _problems(host)]


def _speaks_ssh(host: Host) -> bool:
    return issubclass(host.connector_cls, SSHConnector)


def _problems(host: Host) -> Iterator[str]:
    port, key = host.data.get("ssh_port"), host.data.get("ssh_key")
    if port is not None and not (str(port).isdecimal() and 0 < int(port) < 65536):
        yield f"{host.name}: ssh_port: {port!r}: write a number from 1 to 65535"
    if key is not None and (problem := _key_problem(key)):
        yield f"{host.name}: ssh_key: {key!r}: {problem}"


def _key_problem(key: object) -> str | None:
    if not isinstance(key, str | Path) or not str(key):
        return "write the path of a private key"
    path = ROOT / Path(key).expanduser()
    if not path.exists():
        return "there is no such file; name a private key, or leave ssh_key out to use your agent's"
    if path.is_dir():
        return "is a folder; name the private key in it"
    return _content_problem(path)


def _content_problem(path: Path) -> str | None:
    if not os.access(path, os.R_OK):
        return f"cannot be read by you; check who owns {path}"
    start = path.read_bytes()[:4096]
    if start.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        return "is a public key; name the private one, without .pub"
    if b"PRIVATE KEY" not in start:
        return "holds no private key"
    return None


_WORDS = (
    # sshd says no more where it refuses a client for a while (PerSourcePenalties of sshd_config(5)).
    (
        r"protocol banner",
        "port {port} speaks no SSH with you; set ssh_port, or after failed logins wait a while",
    ),
    (
        r"Authentication error",
        "does not take the key of {user}; set ssh_user and ssh_key, or add the key there",
    ),
    (
        r"does not match|host key",
        "has another host key than the known one; if it was built anew: ssh-keygen -R {at}",
    ),
    (
        r"not found in known_hosts|No host key",
        "has an unknown host key; connect once with ssh, or add it to known_hosts",
    ),
    (r"resolve hostname", "its name {at} is not known to DNS; check it, or set ssh_hostname"),
    (r"Connection refused|Unable to connect", "nothing answers at port {port} of {at}"),
    (r"timed out|Timeout", "no answer from port {port} of {at}"),
    (r"No route|unreachable", "{at} is not reached from here"),
)


def in_words(host: Host, error: object) -> str:
    """Say why a host could not be connected to.

    Args:
        host: the host.
        error: what pyinfra or paramiko said.

    """
    said = str(error)
    values = {
        "port": host.data.get("ssh_port") or 22,
        "user": host.data.get("ssh_user") or "you",
        "at": host.data.get("ssh_hostname") or host.name,
    }
    for pattern, words in _WORDS:
        if re.search(pattern, said):
            return words.format(**values)
    return f"not connected: {shown(said, _MOST)}"

"""Whether a server can be reached: what can be seen before, and what a failure to connect means."""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from paramiko import PKey
from pyinfra.api.exceptions import ConnectError
from pyinfra.api.host import Host
from pyinfra.connectors.ssh import SSHConnector

from deploys.command import keys
from deploys.config.placeholders import is_of_no_server
from deploys.onhost.words import shown

_MOST = 200


def problems(host: Host, opened: dict[str, PKey]) -> Iterator[str]:
    """Say why a host cannot be reached, as far as this machine alone can.

    Args:
        host: the host.
        opened: private keys by the setting, each opened once; its own is added.

    """
    if issubclass(host.connector_cls, SSHConnector):
        yield from _problems(host, opened)


def guard() -> None:
    """Have whatever goes wrong while connecting be told of; pyinfra alone would end with a traceback."""
    connect: Any = SSHConnector.connect
    if not hasattr(connect, "__wrapped__"):
        SSHConnector.connect = _told(connect)  # type: ignore[method-assign]  # pyinfra has no other place


def _told(connect: Callable[[SSHConnector], None]) -> Callable[..., Any]:
    @wraps(connect)
    def connect_or_tell(connector: SSHConnector) -> None:
        if found := [*_problems(connector.host, connector.state.private_keys)]:
            raise ConnectError("; ".join(found))
        try:
            connect(connector)
        except ConnectError:
            raise
        except Exception as error:
            raise ConnectError(f"{type(error).__name__}: {error}") from None

    return connect_or_tell


def _problems(host: Host, opened: dict[str, PKey]) -> Iterator[str]:
    port, key = host.data.get("ssh_port"), host.data.get("ssh_key")
    address = host.data.get("ssh_hostname")
    if address and is_of_no_server(str(address)):
        yield f"ssh_hostname: {address!r}: is an example's name; write your server's own, or its address"
    elif not address and is_of_no_server(host.name):
        yield "is an example's name; write your server's own, or set ssh_hostname to its address"
    if port is not None and not (str(port).isdecimal() and 0 < int(port) < 65536):
        yield f"ssh_port: {port!r}: write a number from 1 to 65535"
    if key is not None and str(key) not in opened:
        try:
            opened[str(key)] = keys.opened(key, host.data.get("ssh_key_password"))
        except keys.Unusable as problem:
            yield str(problem)


_WORDS = (
    # sshd says no more where it refuses a client for a while (PerSourcePenalties of sshd_config(5)).
    (
        r"protocol banner",
        "port {port} speaks no SSH with you; set ssh_port, or after failed logins wait a while",
    ),
    (
        r"encrypted",
        f"your private key has a passphrase; {keys.UNLOCK} (or set ssh_key, and be asked)",
    ),
    (
        r"No authentication methods",
        "there is no key of yours to log in by; set ssh_key, or load one into your agent: ssh-add",
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

"""What pyinfra takes of a host's data for itself: how the host is reached, and as whom its commands run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_type_hints

from pyinfra.api.arguments import all_global_arguments
from pyinfra.api.host import Host
from typeguard import TypeCheckError, check_type

from deploys.config.remedies import closest

_PREFIX = "ssh_"
_WORDS: Mapping[Any, str] = {
    str: "write text",
    int: "write a number",
    float: "write a number",
    bool: "write True or False",
    dict: "write an object",
}
_ARGUMENTS = frozenset(key for key, _ in all_global_arguments())
_SWITCHES = frozenset(key for key, kind in all_global_arguments() if kind is bool)
_ELSEWHERE = {
    **dict.fromkeys(("ansible_host", "ansible_ssh_host"), "ssh_hostname"),
    **dict.fromkeys(("ansible_user", "ansible_ssh_user", "remote_user"), "ssh_user"),
    **dict.fromkeys(("ansible_port", "ansible_ssh_port"), "ssh_port"),
    **dict.fromkeys(("ansible_ssh_private_key_file", "identity_file", "private_key"), "ssh_key"),
    **dict.fromkeys(("ssh_identity_file", "ssh_private_key", "ssh_private_key_file"), "ssh_key"),
    **dict.fromkeys(("ansible_become", "become", "sudo", "use_sudo"), "_sudo"),
    **dict.fromkeys(("ansible_become_password", "become_password", "sudo_password"), "_sudo_password"),
}
"""What other tools call what pyinfra knows."""
_JUMPS = frozenset(
    {"bastion", "gateway", "jump_host", "jumphost", "proxy_command", "proxy_jump", "proxyjump"}
)
_JUMPS |= {f"ssh_{key}" for key in _JUMPS}
"""What other tools call a host on the way to another one, which pyinfra takes from ssh's own file."""


def known(host: Host) -> frozenset[str]:
    """List the keys that pyinfra knows, for a host that is reached as this one."""
    return _ARGUMENTS | get_type_hints(host.connector_cls.data_cls).keys()


def misspelt(host: Host, keys: Iterable[str]) -> Iterator[str]:
    """Find the keys that were probably meant for pyinfra, which passes over those that it does not know.

    Args:
        host: the host.
        keys: of its data. Users may have others of their own, also `user` beside an `ssh_user`.

    """
    names, taken = known(host), {*keys}
    for key in taken - names:
        near = closest(key, names, cutoff=0.75) if key.startswith(("_", _PREFIX)) else None
        if f"{_PREFIX}{key}" in names - taken:
            near = f"{_PREFIX}{key}"
        near = near or (_ELSEWHERE.get(key) if _ELSEWHERE.get(key) not in taken else None)
        if key in _JUMPS:
            yield f"{key}: unknown key, write ProxyJump for this host into ~/.ssh/config, which is heeded"
        elif near:
            yield f"{key}: unknown key, did you mean {near!r}?"


def unusable(host: Host) -> Iterator[str]:
    """Find the values that pyinfra cannot begin with, whichever hosts a run is for."""
    for key, kind in get_type_hints(host.connector_cls.data_cls).items():
        value = host.data.get(key, _MISSING)
        if value is _MISSING:
            continue
        right = _WORDS.get(kind, "write another value")
        if value is None:  # most likely a variable of the environment that is not set
            yield f"{key}: None: {right}, or leave it out; is a variable of the environment not set?"
            continue
        try:
            check_type(value, kind)
        except TypeCheckError:
            shown = "(value not shown)" if "password" in key else repr(value)
            yield f"{key}: {shown}: {right}"

    for key in sorted(_SWITCHES):
        if isinstance(value := host.data.get(key, None), str):  # any text would count as True
            yield f"{key}: {value!r}: write True or False"


_MISSING = object()

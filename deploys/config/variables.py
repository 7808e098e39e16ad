"""Which environment variables may be an app's own. Pure."""

import re

_LOOKED_UP = re.compile(
    r"op://|\$ANSIBLE_VAULT;|ENC\[AES256_GCM,|-----BEGIN AGE|\$?\{\{.*\}\}\s*$", re.DOTALL
)
"""How values begin that another tool would have to look up, decrypt or fill in first."""

_RESERVED = {
    *("CREDENTIALS_DIRECTORY", "HOME", "NOTIFY_SOCKET", "PATH", "STATE_DIRECTORY"),
    *("LISTEN_FDNAMES", "LISTEN_FDS", "LISTEN_PID", "LISTEN_PIDFDID"),
}
"""What the app finds in its environment anyway, besides `GATEHOUSE_…`; the app's own would count instead."""


def refuse_variable(name: str) -> None:
    """See that an environment variable may be the app's own.

    Raises:
        ValueError: it is one by which its release would not start.

    """
    if name in _RESERVED or name.startswith("GATEHOUSE_"):
        raise ValueError(f"take another name than {name}: gatehouse or systemd sets it")
    if name == "PYTHONHOME":
        raise ValueError(f"remove {name}: a release has a Python of its own, which would not start with it")


def as_it_is(value: str) -> str:
    """See that a value stands for itself.

    Raises:
        ValueError: it is one of another tool's, which the app would get as it is written.

    """
    if _LOOKED_UP.match(value):
        raise ValueError(
            'nothing looks that up here: write it into "secrets", like {"command": "op read op://…"}, '
            "which your machine runs"
        )
    return value

"""Which environment variables may be an app's own. Pure."""

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

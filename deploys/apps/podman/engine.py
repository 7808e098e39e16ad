"""Podman as it is called here, anew in each unit: nothing of it is shared with any other."""

import os
from pathlib import Path

_OWN = Path("/run/user", str(os.getuid()))
"""In memory, as what podman writes down has secrets; AppArmor lets pasta find podman's network there."""
PID_FILE = _OWN / "container.pid"
_CONFIGURATION = """
[containers]
keyring = false
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
"""
BUILDS = "/var/tmp"  # noqa: S108  # the unit's own, which systemd makes for it and removes with it
"""Where there is room for images."""


def podman(store: str = str(_OWN)) -> list[str]:
    """Give the words that podman is called by.

    Args:
        store: the directory for its images and containers.

    """
    return [
        # It would warn at each start that the user has no further users; what is wrong it says in any case.
        *("/usr/bin/podman", "--log-level=fatal"),
        # All files are the app's user's, the only one that the container has.
        *("--storage-driver=vfs", "--storage-opt=vfs.ignore_chown_errors=true"),
        *(f"--root={store}/store", f"--runroot={_OWN}/run"),
    ]


def environment(temporary: str = str(_OWN)) -> dict[str, str]:
    """Write podman's configuration, and give the environment in which it heeds that and nothing else."""
    _OWN.mkdir(mode=0o700, exist_ok=True)
    configuration = _OWN / "containers.conf"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    passed_on = ("REGISTRY_AUTH_FILE", "SSL_CERT_FILE")
    return {
        "CONTAINERS_CONF": str(configuration),
        "HOME": str(_OWN),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TMPDIR": temporary,
        "XDG_CONFIG_HOME": str(_OWN),
        "XDG_RUNTIME_DIR": str(_OWN),
        **{name: os.environ[name] for name in passed_on if name in os.environ},
    }

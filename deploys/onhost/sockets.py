"""On the host: who listens at a loopback port, and how many are connected to it (proc(5), /proc/net/tcp)."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

SYSTEMD = 1
_ESTABLISHED, _LISTEN = "01", "0A"
_QUIET = 1.0
"""Seconds without a connection after which none is on its way any more."""
_POLL = 0.2
_HIERARCHIES = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd")
"""Where systemd has its control groups; the latter on the old hierarchy (cgroup v1)."""


def listeners(port: int) -> list[str]:
    """List the inodes of the sockets that listen at the port, on 127.0.0.1 or on every address."""
    return [inode for state, inode in _sockets(port) if state == _LISTEN]


def connections(port: int) -> int:
    """Count the established connections of the port's server."""
    return sum(state == _ESTABLISHED for state, _ in _sockets(port))


def drain(ports: Sequence[int], grace: float) -> None:
    """Wait until nothing has been connected to any of the ports for a while, for `grace` seconds at most."""
    deadline = time.monotonic() + grace
    quiet_since = time.monotonic()
    while ports and time.monotonic() < deadline and time.monotonic() - quiet_since < _QUIET:
        if any(connections(port) for port in ports):
            quiet_since = time.monotonic()
        time.sleep(_POLL)


def ports(unit: str) -> list[int]:
    """List the ports at which processes of the unit listen."""
    ours = processes(unit)
    return sorted(
        {
            port
            for port, state, inode in _all_sockets()
            if state == _LISTEN and any(_has(process, inode) for process in ours)
        }
    )


def servers(port: int, unit: str) -> set[int]:
    """Find the unit's processes that listen at the port; none where something else listens there, too."""
    ours = processes(unit)
    listening = [{process for process in ours if _has(process, inode)} for inode in listeners(port)]
    return set().union(*listening) if all(listening) else set()


def held(port: int) -> list[str]:
    """List the inodes of the sockets by which systemd itself listens at the port."""
    return [inode for inode in listeners(port) if _has(SYSTEMD, inode)]


def strangers(port: int, *units: str) -> list[str]:
    """List the inodes of sockets that listen at the port and are neither systemd's nor of the units."""
    ours = [SYSTEMD, *(process for unit in units for process in processes(unit))]
    return [inode for inode in listeners(port) if not any(_has(process, inode) for process in ours)]


def processes(unit: str) -> list[int]:
    """List the processes of a unit."""
    groups = (Path(hierarchy, "system.slice", unit, "cgroup.procs") for hierarchy in _HIERARCHIES)
    return next(([int(line) for line in group.read_text().split()] for group in groups if group.exists()), [])


def owner(inode: str) -> "int | None":
    """Find the process that has the socket; of several, the one that has started the others."""
    numbers = (int(name) for name in os.listdir("/proc") if name.isdigit())
    holders = {number for number in numbers if _has(number, inode)}
    return next((number for number in sorted(holders) if _parent(number) not in holders), None)


def _parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _has(process: int, inode: str) -> bool:
    folder = f"/proc/{process}/fd"
    try:
        return any(_target(f"{folder}/{number}") == f"socket:[{inode}]" for number in os.listdir(folder))
    except OSError:
        return False


def _target(descriptor: str) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:
        return ""


def _sockets(port: int) -> list[tuple[str, str]]:
    """Give state and inode of the sockets whose own end is the port."""
    return [(state, inode) for own, state, inode in _all_sockets() if own == port]


def _all_sockets() -> list[tuple[int, str, str]]:
    """Give the own port, the state and the inode of each socket."""
    rows = [line.split() for line in _lines("/proc/net/tcp") + _lines("/proc/net/tcp6")]
    return [(int(row[1].rpartition(":")[2], 16), row[3], row[9]) for row in rows]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()[1:] if os.path.exists(path) else []

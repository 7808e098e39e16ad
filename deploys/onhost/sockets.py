"""On the host: who listens at a loopback port, and how many are connected to it (proc(5), /proc/net/tcp)."""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

SYSTEMD = 1
_ESTABLISHED, _LISTEN = "01", "0A"
_SOCKET = "socket:["
_QUIET = 1.0
"""Seconds without a connection after which none is on its way any more."""
_POLL = 0.2
_HIERARCHIES = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd")
"""Where systemd has its control groups; the latter on the old hierarchy (cgroup v1)."""
FIRST, MOST = 10_000, 200_000
"""How many descriptors are looked at of a process, and of all: each may have half a million that say nothing,
and whoever listens has done so since it began, by one of its first."""


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
    listening = {inode: port for port, state, inode in _all_sockets() if state == _LISTEN}
    found = _holders(listening, processes(unit))
    return sorted({port for inode, port in listening.items() if found[inode]})


def servers(port: int, unit: str) -> set[int]:
    """Find the unit's processes that listen at the port; none where something else listens there, too."""
    listening = _holders(listeners(port), processes(unit)).values()
    return set().union(*listening) if all(listening) else set()


def held(port: int) -> list[str]:
    """List the inodes of the sockets by which systemd itself listens at the port."""
    return [inode for inode, by in _holders(listeners(port), [SYSTEMD]).items() if by]


def strangers(port: int, *units: str) -> list[str]:
    """List the inodes of sockets that listen at the port and are neither systemd's nor of the units."""
    ours = [SYSTEMD, *(process for unit in units for process in processes(unit))]
    return [inode for inode, by in _holders(listeners(port), ours).items() if not by]


def processes(unit: str) -> list[int]:
    """List the processes of a unit."""
    groups = (Path(hierarchy, "system.slice", unit, "cgroup.procs") for hierarchy in _HIERARCHIES)
    for group in groups:
        with suppress(OSError):  # it is not there, or ends meanwhile
            return [int(line) for line in group.read_text().split()]
    return []


def owner(inode: str) -> "int | None":
    """Find the process that has the socket; of several, the one that has started the others."""
    numbers = (int(name) for name in os.listdir("/proc") if name.isdigit())
    holders = _holders([inode], numbers)[inode]
    return next((number for number in sorted(holders) if _parent(number) not in holders), None)


def _parent(process: int) -> int:
    try:
        # A process calls itself what it likes, which may be no text.
        stat = Path(f"/proc/{process}/stat").read_text(errors="replace")
        return int(stat.rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _holders(inodes: Collection[str], processes: Iterable[int]) -> "dict[str, set[int]]":
    """Find which of some processes have which sockets."""
    found: dict[str, set[int]] = {inode: set() for inode in inodes}
    if found:
        has = ((process, link) for process in processes for link in _descriptors(process))
        for process, link in islice(has, MOST):
            inode = link[len(_SOCKET) : -1] if link.startswith(_SOCKET) else ""
            if inode in found:
                found[inode].add(process)
    return found


def _descriptors(process: int) -> "Iterator[str]":
    """Say what the first descriptors of a process are, as links in proc(5) do."""
    with suppress(OSError), os.scandir(f"/proc/{process}/fd") as links:
        for link in islice(links, FIRST):
            yield _target(link.path)


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

"""On the host: who has a port that somebody else needs, and how the port is got free."""

import re
from pathlib import Path
from typing import NamedTuple

from deploys.onhost import run, sockets, words

UNIT = r"/system\.slice/([^/]+\.slice/)*[^/]+\.(service|scope)"
"""In a line of `/proc/<process>/cgroup`; Python and grep read it alike."""
_FORWARDERS = {"docker-proxy", "rootlessport", "conmon"}
"""Programs that hold the ports of containers."""


class Holder(NamedTuple):
    """A process, and what systemd knows of it."""

    process: int
    unit: str
    """Of the system's units the one that it is of, or by which systemd itself listens; empty if none."""
    state: str
    """The unit's, as systemd has it of its file; empty or transient where there is none."""
    is_main: bool
    """Whether the unit is there for this process, and not one of which it merely came, like sshd's."""
    command: str


def told(holder: Holder) -> str:
    """Say who it is, and what gets the port free."""
    if not holder.process:
        return "a process that cannot be found; end it: ss -lntup"
    is_lasting = holder.state not in {"", "transient"}
    end = f"systemctl {'disable --now' if is_lasting else 'stop'} {holder.unit}"
    if holder.process == sockets.SYSTEMD:
        return f"systemd, by {holder.unit}; end it: {end}" if holder.unit else "systemd itself"
    of = f" of {holder.unit}" if holder.unit else ""
    known = f"process {holder.process}{of} ({words.cited(holder.command, 80)})"
    program = holder.command.partition(" ")[0].rpartition("/")[2]
    if program in _FORWARDERS or holder.unit.startswith(("docker-", "libpod-")):
        return f"{known}, for a container; stop that, or publish another port of it"
    return f"{known}; end it: {end if holder.is_main else f'kill {holder.process}'}"


def holder(inode: str) -> Holder:
    """Find who has a socket; of systemd itself it is not found by which unit it listens."""
    process = sockets.owner(inode) or 0
    found = (re.search(UNIT, line) for line in _read(process, "cgroup").splitlines())
    name = next((unit[0].rpartition("/")[2] for unit in found if unit), "")
    known = run.properties(name, "UnitFileState", "MainPID") if name else {}
    return Holder(
        process=process,
        unit=name,
        state=known.get("UnitFileState", ""),
        is_main=known.get("MainPID") == str(process),
        command=_read(process, "cmdline").replace("\0", " ").strip(),
    )


def _read(process: int, what: str) -> str:
    try:
        return Path(f"/proc/{process}/{what}").read_text(errors="replace")
    except OSError:
        return ""

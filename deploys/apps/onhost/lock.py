"""On the host: one deploy of an app at a time, by a lock that no dead run holds.

Each step holds a kernel lock while it works, and between steps a file says whose turn it is. That file
counts only while the connection lives through which the deploy came, and for a limited time after its
last step, in case the connection hangs; a reboot empties the directory.
"""

import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploys.onhost import files

_LEASE = 900
"""Seconds for which a deploy keeps its turn after a step; the wait for other hosts falls in there."""


def main(argument: dict[str, Any]) -> None:
    """Take the turn, or give it back where `end` says so."""
    with turn(argument):
        pass
    if argument.get("end"):
        _claim(argument).unlink(missing_ok=True)


@contextmanager
def turn(lock: dict[str, Any]) -> Iterator[Callable[[], bool]]:
    """Hold the app's lock during a step, which can ask whether the deploy is still connected.

    A step that fails ends the deploy's turn.
    """
    claim = _claim(lock)
    # Found at the start: once the connection is gone, our own parents tell nothing any more.
    session = _session()
    started = _started(session)
    claim.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(f"{lock['path']}.lock", "a") as kernel_lock:
        try:
            fcntl.flock(kernel_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(_refusal(lock, _read(claim)))
        holder = _read(claim)
        if holder and holder["token"] != lock["token"] and _alive(holder):
            sys.exit(_refusal(lock, holder))
        began = holder["since"] if holder and holder["token"] == lock["token"] else time.time()
        try:
            _write(claim, lock, began, session, started)
            yield lambda: _started(session) == started
            _write(claim, lock, began, session, started)
        except BaseException:
            claim.unlink(missing_ok=True)
            raise


def _claim(lock: dict[str, Any]) -> Path:
    return Path(f"{lock['path']}.json")


def _read(claim: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(files.read(claim))
    except (OSError, ValueError):
        return None
    return found


def _write(claim: Path, lock: dict[str, Any], began: float, session: int, started: str | None) -> None:
    held = {
        "token": lock["token"],
        "owner": lock["owner"],
        "since": began,
        "until": time.time() + _LEASE,
        "session": session,
        "started": started,
    }
    files.write(claim, json.dumps(held), 0o600)


def _alive(holder: dict[str, Any]) -> bool:
    is_connected: bool = _started(holder["session"]) == holder["started"]
    return is_connected and time.time() < holder["until"]


def _refusal(lock: dict[str, Any], holder: dict[str, Any] | None) -> str:
    if holder is None:
        return f"{lock['app']}: another deploy is at work; try again when it has ended"
    since = time.strftime("%H:%M:%S UTC", time.gmtime(holder["since"]))
    return f"{lock['app']}: {holder['owner']} is deploying since {since}; try again when that has ended"


def _session() -> int:
    """Find the process that lives as long as the connection: sshd's, or whatever runs pyinfra here."""
    passing = {"sh", "bash", "dash", "zsh", "sudo", "su", "doas"}
    lineage, process = [], os.getppid()
    while process > 1:
        lineage.append(process)
        process = int(_stat(process)[1])
    servers = [pid for pid in lineage if _name(pid).startswith("sshd")]
    others = [pid for pid in lineage if _name(pid) not in passing]
    return (servers or others or [1])[0]


def _name(process: int) -> str:
    return files.text(f"/proc/{process}/comm").strip()


def _stat(process: int) -> list[str]:
    """Give the fields of proc(5)'s stat that follow the name."""
    return files.text(f"/proc/{process}/stat").rpartition(")")[2].split()


def _started(process: int) -> str | None:
    try:
        return _stat(process)[19]
    except OSError:
        return None

"""On the host: traffic moved to a slot, the other slot drained, and old releases removed."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploys.apps import remote_lock, remote_sockets

_QUIET = 1.0
"""Seconds without a connection after which none is on its way any more."""
_POLL = 0.2


def main(argument: dict[str, Any]) -> str:
    """Do one step, as `step` names it."""
    with remote_lock.turn(argument["lock"]):
        return {"switch": _switch, "drain": _drain, "prune": _prune}[argument["step"]](argument)


def _switch(argument: dict[str, Any]) -> str:
    # Both are enabled for a moment: a machine that loses power here comes back with the live one running.
    _systemctl("enable", argument["unit"])
    mark = Path(argument["b_is_live"])
    mark.parent.mkdir(parents=True, exist_ok=True)
    if argument["slot"] == "b":
        mark.touch()
    else:
        mark.unlink(missing_ok=True)
    _sync(mark.parent)
    _systemctl("disable", argument["other_unit"])
    new = Path(f"{argument['current']}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(argument["release"])
    new.rename(argument["current"])
    return ""


def _drain(argument: dict[str, Any]) -> str:
    deadline = time.monotonic() + argument["grace"]
    quiet_since = time.monotonic()
    while time.monotonic() < deadline:
        left = remote_sockets.connections(argument["port"])
        if left:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= _QUIET:
            break
        time.sleep(_POLL)
    left = remote_sockets.connections(argument["port"])
    _systemctl("stop", argument["unit"])
    return f"{left} connections were cut" if left else ""


def _prune(argument: dict[str, Any]) -> str:
    for number in argument["numbers"]:
        # What is half removed must not count as whole.
        Path(f"{argument['releases']}/{number}/release.json").unlink(missing_ok=True)
        shutil.rmtree(f"{argument['releases']}/{number}", ignore_errors=True)
    return ""


def _systemctl(verb: str, unit: str) -> None:
    command = ["systemctl", "--quiet", verb, f"{unit}.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # A slot that never had a unit has nothing to disable or stop.
    if done.returncode and Path(f"/etc/systemd/system/{unit}.service").exists():
        sys.exit(f"systemctl {verb} {unit}: {done.stderr.strip()}")


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

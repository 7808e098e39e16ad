"""On the host: how its apps are."""

import os
from pathlib import Path
from typing import Any

from deploys.apps.onhost import probe
from deploys.onhost import run, sockets


def main(argument: "list[dict[str, Any]]") -> "dict[str, Any]":
    """Describe the apps as the probe does, with what their slots use."""
    found = probe.main(argument)
    for places, app in zip(argument, found["apps"], strict=True):
        for name, slot in app["slots"].items():
            slot.update(_use(places["slots"][name]["service"]))
        former, last = [{}, {}, *probe.history(places["history"])][-2:]
        app["deployed"], app["by"] = last.get("at"), last.get("by")
        app["back_from"] = former.get("release") if last.get("back") else None
    return found


def _use(service: str) -> "dict[str, Any]":
    state = run.properties(service, "ActiveState", "MemoryCurrent", "NRestarts")
    memory = state.get("MemoryCurrent", "")
    return {
        "state": state["ActiveState"],
        "memory": int(memory) if memory.isdecimal() else _resident(service),
        "restarts": int(state.get("NRestarts") or 0),
    }


def _resident(service: str) -> int:
    """Add up what the processes of a unit have in memory, where the kernel does not account for units."""
    total = 0
    for process in sockets.processes(service):
        try:
            pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except OSError:
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total

"""On the host: whether units run now, and will after a reboot."""

from typing import Any

from deploys.onhost import files, run

_STATES = ("LoadState", "UnitFileState", "ActiveState", "MainPID")


def main(units: "list[str]") -> "dict[str, Any]":
    """Describe units; by `version`, the last word of the command that a service runs by."""
    return {unit: _look(found) for unit, found in run.properties_of(units, *_STATES).items()}


def _look(found: "dict[str, str]") -> "dict[str, str]":
    process = found.pop("MainPID", "0")
    if process == "0":
        return found
    try:
        words = files.read(f"/proc/{process}/cmdline").decode(errors="replace").split("\0")
    except OSError:
        return found
    return {**found, "version": words[-2] if len(words) > 1 else ""}

"""On the host: whether units run now, and will after a reboot."""

from typing import Any

from deploys.onhost import run

_STATES = ("LoadState", "UnitFileState", "ActiveState")


def main(units: "list[str]") -> "dict[str, Any]":
    """Describe units."""
    return run.properties_of(units, *_STATES)

"""On the host: what there is of the ways to apps, and whether the kernel leads as it should."""

import json
import os
from pathlib import Path
from typing import Any

from deploys.base.onhost import files
from deploys.firewall.onhost import front
from deploys.onhost import files as reading

UNIT = "gatehouse-front.service"
SETTINGS = Path("/etc/gatehouse/front.json")


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe the files at `look`, with the contents of some, and what the kernel does."""
    settings = read()
    return {
        "files": files.look(argument["look"], argument["contents"]),
        "leading": settings is not None and front.is_leading(settings),
        "open": front.is_open(UNIT),
        "enabled": is_enabled(),
    }


def read() -> "dict[str, Any] | None":
    """Read where the ways are to lead; None where none are to lead anywhere."""
    try:
        found: dict[str, Any] = json.loads(reading.text(SETTINGS))
    except (OSError, ValueError):
        return None
    return found


def is_enabled() -> bool:
    """Say whether a boot opens the ways."""
    return os.path.lexists(f"/etc/systemd/system/multi-user.target.wants/{UNIT}")

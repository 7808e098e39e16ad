"""On the host: how the machine, its proxy, apps, certificates and timers are, in one look."""

import json
import os
import time
from pathlib import Path
from typing import Any

from deploys.apps.onhost import status
from deploys.certificates.onhost import x509
from deploys.onhost import run


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe all of it.

    Args:
        argument: `apps`, as `status.main` takes them; `chains`, a table from site to its file; `proxy`,
            the proxy's unit; `maintenance`, a table from site to the file that puts it under maintenance;
            `timers`, units that must run; `watch`, the `program` of the daily look and its `settings`.

    """
    found = status.main(argument["apps"])
    watched = _watched(argument["watch"]["settings"])
    return {
        **found,
        "now": int(time.time()),
        "certificates": {name: x509.read_certificate(chain) for name, chain in argument["chains"].items()},
        "proxy": run.properties(argument["proxy"], "ActiveState")["ActiveState"],
        "maintenance": [site for site, mark in argument["maintenance"].items() if os.path.exists(mark)],
        "timers": {unit: run.properties(unit, "ActiveState")["ActiveState"] for unit in argument["timers"]},
        "alerts": sorted(kind for kind, channel in watched["alerts"].items() if channel) if watched else None,
        "problems": _problems(argument["watch"]["program"]) if watched else [],
        **_disk(),
        "memory": _memory(),
        "reboot": os.path.exists("/run/reboot-required"),
    }


def _watched(path: str) -> "dict[str, Any] | None":
    """Read what the daily look here goes by; a former one had all that it looked at in one list."""
    try:
        settings: dict[str, Any] = json.loads(Path(path).read_text())
    except (OSError, ValueError):
        return None
    return settings if "looks" in settings else None


def _problems(program: str) -> "list[str]":
    """Have the server itself list what is wrong, as it does once a day."""
    done = run.attempt(program, "--list")
    return done.stdout.splitlines() if done.returncode == 0 else [run.refusal(done)]


def _disk() -> "dict[str, dict[str, int]]":
    """Say how many bytes the disk has, and how many files; of these, some say nothing."""
    found = os.statvfs("/")
    return {
        "disk": {"total": found.f_blocks * found.f_frsize, "free": found.f_bavail * found.f_frsize},
        "files": {"total": found.f_files, "free": found.f_favail},
    }


def _memory() -> "dict[str, int]":
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    kilobytes = {words[0]: int(words[1]) for words in lines}
    return {"total": kilobytes["MemTotal:"] * 1024, "free": kilobytes["MemAvailable:"] * 1024}

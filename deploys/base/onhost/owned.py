"""On the host: what there is of what a part of the house owns."""

import glob
import os
import re
from fnmatch import fnmatchcase
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from deploys.onhost import run

if TYPE_CHECKING:
    from collections.abc import Callable

_ENABLED = ("/etc/systemd/system/*.wants", "/etc/systemd/system/*.requires")
"""Where systemctl(1) links what it enables; systemd would have to read every unit file to tell."""
_ASKING = Lock()
"""All parts are looked at side by side, and ask for the same."""
_TABLE = re.compile(r"^table inet (\S+)$", re.MULTILINE)


def main(owned: "dict[str, Any]") -> "dict[str, list[str]]":
    """List what is there, by kind.

    Args:
        owned: patterns, by kind: `paths`, `units`, `packaged`, `tables`; and names: `diverted`, `folders`.

    """
    paths = sorted(path for pattern in owned["paths"] for path in glob.glob(pattern))
    diverted = [path for path in owned["diverted"] if _is_diverted(path)]
    return {
        "units": _units([*owned["units"], *(owned["packaged"] if paths or diverted else [])]),
        "tables": _tables(owned["tables"]),
        "paths": paths,
        "diverted": diverted,
        "folders": [path for path in owned["folders"] if os.path.isdir(path)],
    }


def _is_diverted(path: str) -> bool:
    """Say whether the package's own file stands aside, by our word."""
    return run.attempt("/usr/bin/dpkg-divert", "--listpackage", path).stdout.strip() == "LOCAL"


def _units(patterns: "list[str]") -> "list[str]":
    """List the units that run, have failed, or would run after a reboot."""
    if not patterns:
        return []
    links = (path for folder in _ENABLED for one in patterns for path in glob.glob(f"{folder}/{one}"))
    enabled = (os.path.basename(path) for path in links if os.path.exists(path))
    return sorted({*_matching(_loaded, patterns), *enabled})


def _tables(patterns: "list[str]") -> "list[str]":
    return _matching(_nftables, patterns) if patterns else []


def _matching(listed: "Callable[[], list[str]]", patterns: "list[str]") -> "list[str]":
    with _ASKING:
        names = listed()
    return [name for name in names if any(fnmatchcase(name, one) for one in patterns)]


@cache
def _loaded() -> "list[str]":
    """List all units that systemd has at work, or as failed."""
    states = "--state=active,activating,deactivating,reloading,failed"
    shown = run.systemctl("list-units", states, "--plain", "--no-legend", "--full")
    return [line.split()[0] for line in shown.splitlines() if line.strip()]


@cache
def _nftables() -> "list[str]":
    return _TABLE.findall(run.attempt("/usr/sbin/nft", "list", "tables", "inet").stdout)

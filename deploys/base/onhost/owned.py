"""On the host: what there is of what a part of the house owns."""

import glob
import os
import re
from fnmatch import fnmatchcase
from typing import Any

from deploys.onhost import run

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
    listing = ("--plain", "--no-legend", "--full", "--")
    states = "--state=active,activating,deactivating,reloading,failed"
    shown = [
        run.systemctl("list-units", states, *listing, *patterns),
        # Which fails where there is none.
        run.attempt(run.SYSTEMCTL, "list-unit-files", "--state=enabled", *listing, *patterns).stdout,
    ]
    lines = "".join(shown).splitlines()
    return sorted({line.split()[0] for line in lines if line.strip()})


def _tables(patterns: "list[str]") -> "list[str]":
    if not patterns:
        return []
    shown = run.attempt("/usr/sbin/nft", "list", "tables", "inet").stdout
    return [table for table in _TABLE.findall(shown) if any(fnmatchcase(table, one) for one in patterns)]

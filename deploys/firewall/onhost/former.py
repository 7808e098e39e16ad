"""On the host: the one table that all apps shared before each had its own, until that takes its place."""

import re
from pathlib import Path
from typing import Any

from deploys.firewall.onhost import nft
from deploys.onhost import run

_UNIT = "gatehouse-apps-firewall.service"
_FILES = (
    "/etc/systemd/system/nftables.service.d/gatehouse.conf",
    f"/etc/systemd/system/{_UNIT}",
    "/etc/gatehouse/apps.nft",
)
_RULE = re.compile(r' comment "([a-z0-9-]+) at (\d+)"$', re.MULTILINE)


def look() -> "dict[str, Any]":
    """Say whether something of it is there, and which ports of which apps it closes."""
    *_, rules = map(Path, _FILES)
    text = rules.read_text(errors="replace") if rules.is_file() else ""
    return {
        "there": any(Path(path).is_file() for path in _FILES),
        "apps": {app: int(port) for app, port in _RULE.findall(text)},
    }


def remove() -> None:
    """Remove it, the files by which it is known last."""
    nft.attempt("delete", "table", "inet", "gatehouse_apps")
    run.attempt(run.SYSTEMCTL, "--quiet", "disable", "--now", _UNIT)
    for path in _FILES:
        Path(path).unlink(missing_ok=True)

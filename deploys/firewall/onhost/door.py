"""On the host: the door before the proxy, closed before its files say so, and whether it is closed."""

import base64
import sys
from pathlib import Path
from typing import Any

from deploys.base.onhost import files
from deploys.firewall.onhost import nft
from deploys.onhost import run

RULES = Path("/etc/gatehouse/edge.nft")
TABLE = "gatehouse_edge"
UNIT = "gatehouse-edge.service"


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Close it by the files of `write`, if there are any; tell of the files at `look`, and of the kernel."""
    if argument.get("write"):
        _close(argument["write"])
    return {
        "files": files.look(argument.get("look", ()), argument.get("contents", ())),
        "closed": _is_closed(),
        "enabled": nft.is_loaded_at_boot(UNIT),
    }


def _close(wanted: "list[dict[str, Any]]") -> None:
    rules = next(file["content"] for file in wanted if file["path"] == str(RULES))
    done = nft.attempt("-f", "-", stdin=base64.b64decode(rules).decode())
    if done.returncode:
        sys.exit(run.refusal(done, "edge: nftables refuses its rules, and keeps the former ones"))
    files.main({"write": wanted, "reload": True})
    # What has been loaded is loaded once more: a failure at boot is then no longer told.
    for verb in ("enable", "restart"):
        done = run.attempt(run.SYSTEMCTL, "--quiet", verb, UNIT)
        if done.returncode:
            sys.exit(run.refusal(done, f"systemctl {verb} {UNIT}"))


def _is_closed() -> bool:
    """Say whether the kernel has each of the rules."""
    marks = nft.marks(RULES.read_text()) if RULES.is_file() else []
    said = nft.attempt("--terse", "list", "table", "inet", TABLE).stdout if marks else ""
    return bool(marks) and nft.marks(said) == marks

"""On the host: the load balancer led to the slots that have the traffic, by one map that changes at once.

No rule is loaded anew as long as they are as they should be: the elements of the map are replaced in one
transaction of the kernel's, and a connection that is established stays where it is.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

from deploys.firewall.onhost import nft
from deploys.onhost import run

_LOCAL = Path("/proc/sys/net/ipv4/conf/all/route_localnet")
"""Whether the kernel leads what comes from outside to 127.0.0.1 (Documentation/networking/ip-sysctl)."""
_ELEMENT = re.compile(r"(\d+) : (\d+)")


def main(settings: "dict[str, Any]") -> None:
    """Open the ways where that is said (`open`), or else have open ones lead as they should."""
    if (sys.argv[1:] == ["open"] or is_open(settings["unit"])) and (problem := lead(settings)):
        sys.exit(f"front: {problem}")


def is_open(unit: str) -> bool:
    """Say whether somebody has opened the ways, and nobody has closed them."""
    return run.attempt(run.SYSTEMCTL, "is-active", "--quiet", unit).returncode == 0


def lead(settings: "dict[str, Any]") -> str:
    """Have the kernel lead as it should, and say why it does not."""
    table, rules, elements = settings["table"], settings["rules"], wanted(settings["ways"])
    mark, leads = _found(table)
    if mark != nft.marks(rules):
        # Whole, and in one transaction as well.
        done = nft.attempt("-f", "-", stdin=rules.replace("@elements@", _line(elements)))
    elif leads != elements:
        change = [f"flush map inet {table} slots"]
        change += [f"add element inet {table} slots {{ {_pairs(elements)} }}"] if elements else []
        done = nft.attempt("-f", "-", stdin="".join(f"{line}\n" for line in change))
    else:
        done = None
    if done is not None and done.returncode:
        return run.refusal(done, "nftables refuses its rules, and keeps the former ones")
    # Only now, as until then others would get to what listens at 127.0.0.1.
    _LOCAL.write_text("1\n")
    return ""


def close(table: str) -> None:
    """Lead nobody anywhere; what keeps others from 127.0.0.1 goes last."""
    _LOCAL.write_text("0\n")
    nft.attempt("delete", "table", "inet", table)


def wanted(ways: "dict[str, Any]") -> "dict[int, int]":
    """Give the port of the slot that has the traffic for each public port; none before any has had it."""
    found = {}
    for public, way in ways.items():
        slot = way["slots"]["b" if os.path.exists(way["b_is_live"]) else "a"]
        if os.path.exists(slot["served"]):
            found[int(public)] = int(slot["port"])
    return found


def is_leading(settings: "dict[str, Any]") -> bool:
    """Say whether the kernel leads as it should."""
    mark, leads = _found(settings["table"])
    is_local = _LOCAL.read_text().strip() == "1"
    return is_local and mark == nft.marks(settings["rules"]) and leads == wanted(settings["ways"])


def _found(table: str) -> "tuple[list[str], dict[int, int]]":
    """Give the marks of the rules in force, and where the map leads."""
    said = nft.attempt("list", "table", "inet", table).stdout
    leads = {int(public): int(port) for public, port in _ELEMENT.findall(said)}
    # A table without its chains leads nowhere, and lets everybody in.
    is_whole = all(f"chain {name} {{" in said for name in ("own", "lead", "close"))
    return (nft.marks(said) if is_whole else []), leads


def _line(elements: "dict[int, int]") -> str:
    return f"elements = {{ {_pairs(elements)} }}" if elements else ""


def _pairs(elements: "dict[int, int]") -> str:
    return ", ".join(f"{public} : {port}" for public, port in sorted(elements.items()))

"""On the host: the rules of each app, whether they are in force, and whether they will be so after a boot."""

import pwd
import re
from collections import Counter
from pathlib import Path
from typing import Any

from deploys.base.onhost import files
from deploys.firewall.onhost import former, nft

_PORTS = re.compile(r"^# .* has .*, and the ports (\d+) and (\d+)\.$", re.MULTILINE)
_TABLE = re.compile(r"^table inet (\S+) \{$", re.MULTILINE)


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe the files, the rules of every app that has some, and the numbers of users."""
    loaded, before = _loaded(), former.look()
    users = (*argument["users"], *(f"app-{app}" for app in before["apps"]))
    return {
        "files": files.look(argument["look"], argument["contents"]),
        "apps": {path.stem: _app(path, loaded) for path in sorted(Path(argument["folder"]).glob("*.nft"))},
        "users": {user: _number(user) for user in users},
        "former": before,
    }


def _loaded() -> "list[Counter[str]]":
    """Count the marks of the kernel's rules, each table by itself."""
    _, *pieces = _TABLE.split(nft.attempt("--terse", "list", "ruleset", "inet").stdout)
    return [Counter(nft.marks(rules)) for rules in pieces[1::2]]


def _app(path: Path, loaded: "list[Counter[str]]") -> "dict[str, Any]":
    rules = path.read_text(errors="replace")
    ports = _PORTS.search(rules)
    marks = Counter(nft.marks(rules))
    return {
        "ports": [int(port) for port in ports.groups()] if ports else [],
        "in_force": bool(marks) and marks in loaded,
        "enabled": nft.is_loaded_at_boot(nft.unit_of(path.stem)),
    }


def _number(user: str) -> "int | None":
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        return None

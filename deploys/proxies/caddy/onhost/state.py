"""On the host: which configuration is live, and whether Caddy runs it."""

import hashlib
import os
from pathlib import Path
from typing import Any

from deploys.onhost import run
from deploys.proxies.caddy.onhost import api, places, serve
from deploys.proxies.onhost import trees


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Tell how things are.

    Args:
        argument: `paths`, of files that are no part of a configuration; `contents`, whether those of all are
            told, too.

    """
    live = live_tree()
    runs, by = started()
    files = trees.read(live) if live else {}
    return {
        "digest": trees.digest(files) if live else None,
        "running": live is not None and is_running(live),
        "enabled": is_enabled(),
        "program": runs,
        "unit": by,
        "beside": {path: digest(Path(path)) for path in argument["paths"]},
        "files": files if argument["contents"] else {},
    }


def live_tree() -> "Path | None":
    """Follow the link to the tree that the next start of Caddy would be given."""
    return trees.live(places.LIVE, places.TREES)


def is_running(tree: Path) -> bool:
    """Say whether Caddy runs a tree, with the certificates that are there now."""
    try:
        return bool(api.running() == serve.whole(tree))
    except (OSError, ValueError):
        return False


def is_enabled() -> bool:
    """Say whether systemd starts Caddy at boot, and has read all that it is told of it."""
    shown = run.properties(places.UNIT, "UnitFileState", "NeedDaemonReload")
    return shown == {"UnitFileState": "enabled", "NeedDaemonReload": "no"}


def started() -> "tuple[str, str]":
    """Say which program runs, and by which unit file it was started: the digest that its environment has."""
    process = Path("/proc", run.properties(places.UNIT, "MainPID").get("MainPID", "0"))
    try:
        program = os.readlink(process / "exe")
        environment = (process / "environ").read_bytes().decode(errors="replace")
    except OSError:
        return "", ""
    named = (word.partition("=") for word in environment.split("\0"))
    return program, next((value for name, _, value in named if name == places.DIGEST_OF_UNIT), "")


def digest(path: Path) -> str:
    """Tell a file's content apart from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

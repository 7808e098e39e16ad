"""On the host: which configuration of Traefik is live, and whether Traefik runs it."""

import hashlib
import os
from typing import Any

from deploys.onhost import files, run
from deploys.proxies.onhost import trees
from deploys.proxies.traefik.onhost import api, begin, follow, tree, where


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Describe it.

    Args:
        argument: `contents`, whether to tell what the files have; `kept`, paths of what is kept beside them.

    """
    found = tree.read_live()
    return {
        "digest": trees.digest(found) if found else None,
        "running": bool(found) and is_followed(found),
        "started": bool(found) and is_as_started(found),
        "enabled": is_enabled(),
        "kept": {path: digest_at(path) for path in argument["kept"]},
        "files": found if argument["contents"] else {},
    }


def is_followed(found: dict[str, str]) -> bool:
    """Say whether Traefik runs what the tree, the marks and the certificates say now."""
    try:
        digest, content = follow.wanted(found)
        is_told = where.FOLLOWED.exists() and files.text(where.FOLLOWED) == content
    except OSError:
        return False
    return is_told and api.is_running(digest)


def is_as_started(found: dict[str, str]) -> bool:
    """Say whether it was started with what it would start with now."""
    with_this = {where.STARTED: found[where.STATIC], where.UNIT_STARTED: begin.own_unit()}
    return all(path.exists() and files.text(path) == content for path, content in with_this.items())


def is_enabled() -> bool:
    """Say whether systemd starts at boot what it is to, has read it, and runs what is beside Traefik."""
    states = run.properties_of(where.STARTED_AT_BOOT, "UnitFileState", "NeedDaemonReload", "ActiveState")
    return all(
        state.get("UnitFileState") == "enabled"
        and state.get("NeedDaemonReload") == "no"
        and (unit == where.UNIT or state.get("ActiveState") == "active")
        for unit, state in states.items()
    )


def digest_at(path: str) -> "str | None":
    """Name what a file has, and who may do what with it; None, where there is none."""
    if not os.path.isfile(path):
        return None
    return digest(files.read(path), os.stat(path).st_mode & 0o7777)


def digest(content: bytes, mode: int) -> str:
    """Name the content of a file and its mode."""
    return hashlib.sha256(f"{mode:o} ".encode() + content).hexdigest()

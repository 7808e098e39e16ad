"""On the host: Traefik told what it is to follow, and the proof that it does.

That is made of the live tree, of the marks on the host and of the certificates. Traefik reads it by and by;
so whoever has changed one of them hears back only once Traefik's own answer shows it.
"""

import json
import os
import pwd
import sys
import time
from pathlib import Path
from typing import Any

from deploys.onhost import files, run
from deploys.proxies.onhost import alone
from deploys.proxies.traefik.onhost import api, choices, tree, where

_WRITING = where.RUN / "lock"
PATIENCE = 30
"""Seconds in which Traefik must have taken what it is told."""
_AGAIN = 5.0
"""Seconds after which the file is written once more, should Traefik have missed it."""
_POLL = 0.05


def main(settings: dict[str, Any]) -> None:
    """Tell Traefik, and see that it does; where it does not run, it begins with this."""
    if tree.live() is not None and (problem := told()):
        sys.exit(f"traefik: {problem}")


def told() -> str:
    """Have Traefik follow what the live tree, the marks and the certificates say; say why it does not."""
    running = is_active()
    # A mark that has changed meanwhile is not lost to what was worked out before.
    with alone.alone(_WRITING, PATIENCE):
        found = tree.read_live()
        if not running:
            _begin(found)
        digest, content = wanted(found)
        write(where.FOLLOWED, content)
    if not running or is_taken(digest, content):
        return ""
    return f"it runs, and has not taken what it is to follow within {PATIENCE} s: journalctl -u {where.UNIT}"


def wanted(found: dict[str, str]) -> tuple[str, str]:
    """Work out what it is to follow: its digest, and the content of the file."""
    routing = choices.chosen(json.loads(found[where.ROUTING]), os.path.exists)
    return choices.named(choices.with_certificates(routing, files.text))


def is_active() -> bool:
    """Say whether systemd has it running."""
    return run.attempt(run.SYSTEMCTL, "is-active", "--quiet", where.UNIT).returncode == 0


def write(path: Path, content: str) -> None:
    """Write what Traefik alone may read, unless it is there: that has the keys of certificates."""
    if not path.exists() or files.text(path) != content:
        _write(path, content)


def _write(path: Path, content: str) -> None:
    group = pwd.getpwnam(where.USER).pw_gid
    files.make_directory(where.RUN, 0o750, gid=group)
    files.write(path, content, 0o640, gid=group)


def _begin(found: dict[str, str]) -> None:
    """Note what it starts with."""
    write(where.STARTED, found[where.STATIC])
    write(where.UNIT_STARTED, own_unit())


def own_unit() -> str:
    """Read the unit's file; nothing, where there is none."""
    path = Path("/etc/systemd/system", where.UNIT)
    return files.text(path) if path.exists() else ""


def is_taken(digest: str, content: str = "") -> bool:
    """Wait until Traefik's own answer shows that it runs a routing; its file is written again meanwhile."""
    began = again = time.monotonic()
    in_a_row = 0
    while time.monotonic() - began < PATIENCE:
        # Its entry points change one after another, and the one that tells may be the first of them.
        in_a_row = in_a_row + 1 if api.is_running(digest) else 0
        if in_a_row == 2:
            return True
        if content and time.monotonic() - again > _AGAIN:
            again = time.monotonic()
            _write(where.FOLLOWED, content)
        time.sleep(_POLL)
    return False

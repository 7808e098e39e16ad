"""On the host: Traefik told what it is to follow, and the proof that it does.

That is made of the live tree, of the marks on the host and of the certificates. Traefik reads it by and by;
so whoever has changed one of them hears back only once Traefik's own answer shows it.
"""

import json
import os
import pwd
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploys.onhost import files, run
from deploys.proxies.onhost import alone
from deploys.proxies.traefik.onhost import api, choices, tree, where

WRITING = where.RUN / "lock"
PATIENCE = 30
"""Seconds in which Traefik must have taken what it is told."""
BUSY = f"what it is to follow is not written, as another process has been at it for {PATIENCE} s"
_AGAIN = 5.0
"""Seconds after which the file is written once more, should Traefik have missed it."""
_POLL = 0.05


def main(settings: dict[str, Any]) -> None:
    """Tell Traefik, and see that it does."""
    if tree.live() is not None and (problem := told()):
        sys.exit(f"traefik: {problem}")


def told() -> str:
    """Have Traefik follow what the live tree, the marks and the certificates say; say why it does not."""
    try:
        # A mark that has changed meanwhile is not lost to what was worked out before.
        with alone.alone(WRITING, PATIENCE):
            write(where.FOLLOWED, wanted(tree.read_live())[1])
    except alone.Busy:
        return BUSY
    # One that starts from now on begins with what is there; and one may end while it is waited for.
    if not has_process() or is_taken(_write_again) or not has_process():
        return ""
    return f"it runs, and has not taken what it is to follow within {PATIENCE} s: journalctl -u {where.UNIT}"


def wanted(found: dict[str, str]) -> tuple[str, str]:
    """Work out what it is to follow: its digest, and the content of the file."""
    routing = choices.chosen(json.loads(found[where.ROUTING]), os.path.exists)
    return choices.named(choices.with_certificates(routing, files.text))


def has_process() -> bool:
    """Say whether there is a Traefik, were it one that is only about to serve, or to end."""
    return run.properties(where.UNIT, "MainPID").get("MainPID", "0") != "0"


def write(path: Path, content: str) -> None:
    """Write what Traefik alone may read, unless it is there: that has the keys of certificates."""
    group = _own_folders(path)
    if not path.exists() or files.text(path) != content:
        files.write(path, content, 0o640, gid=group)


def _write(path: Path, content: str) -> None:
    files.write(path, content, 0o640, gid=_own_folders(path))


def _own_folders(path: Path) -> int:
    """Let Traefik in, whatever a run that was cut off, or systemd, has left; give its group."""
    group = pwd.getpwnam(where.USER).pw_gid
    for folder in dict.fromkeys((where.RUN, path.parent)):
        files.make_directory(folder, 0o750, gid=group)
    return group


def _write_again() -> None:
    with suppress(alone.Busy), alone.alone(WRITING, 0):
        _write(where.FOLLOWED, files.text(where.FOLLOWED))


def _nothing() -> None:
    """Leave the file as it is."""


def is_taken(meanwhile: Callable[[], None] = _nothing) -> bool:
    """Wait until Traefik's own answer shows that it runs what it is to follow, as that is by then.

    What another process has written since is made of all that was there before, too.

    Args:
        meanwhile: what to do every few seconds, should Traefik have missed a change.

    """
    began = again = time.monotonic()
    in_a_row = 0
    while time.monotonic() - began < PATIENCE:
        # Its entry points change one after another, and the one that tells may be the first of them.
        in_a_row = in_a_row + 1 if api.is_running(_digest()) else 0
        if in_a_row == 2:
            return True
        if time.monotonic() - again > _AGAIN:
            again = time.monotonic()
            meanwhile()
        time.sleep(_POLL)
    return False


def _digest() -> str:
    return choices.digest_of(json.loads(files.text(where.FOLLOWED)))

"""On the host: having nginx run what the link names, and seeing that it does."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from deploys.onhost import files, journal, run, words
from deploys.proxies.nginx.onhost import tree as tree_onhost
from deploys.proxies.onhost import handover

ERROR_LOG = Path("/var/log/nginx/error.log")
PATIENCE = 30
"""Seconds in which nginx must have taken a configuration."""
PATIENCE_AFTER_ERRORS = 3
"""The same once its log tells of a failure; it tries to get a port for 2.5 s (ngx_open_listening_sockets)."""
_FAILURE = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[emerg\] \d+#")


def serve(tree: Path) -> str:
    """Have nginx run the tree, which the link names; say why it does not."""
    size = ERROR_LOG.stat().st_size if ERROR_LOG.exists() else 0
    active = handover.is_active("nginx")
    order = run.attempt(run.SYSTEMCTL, "reload" if active else "start", "nginx")
    if order.returncode == 0 and is_taken(lambda answer: answer == str(tree), since=size):
        return ""
    said = errors(since=size)
    if not active:
        said += journal.last("nginx.service", 20, of_systemd=True).split("\n")
    return words.quoted("\n".join(said) or order.stderr or f"no answer within {PATIENCE} s")


def serve_again(tree: Path | None, instead_of: Path) -> str:
    """Have an nginx that runs take what the link names again; say what it runs if that is something else.

    Args:
        tree: what the link names; none if that is no tree of ours, which cannot be asked for.
        instead_of: the tree that nginx may have taken meanwhile.

    """
    size = ERROR_LOG.stat().st_size if ERROR_LOG.exists() else 0
    if not handover.is_active("nginx"):
        return ""
    # Even where nginx still runs the former tree, as it may not have come to the order before this one yet.
    run.attempt(run.SYSTEMCTL, "reload", "nginx")
    if is_taken(lambda answer: answer == str(tree) if tree else answer != str(instead_of), since=size):
        return ""
    return tree_onhost.running() or "a configuration that does not tell its name"


def is_taken(is_right: Callable[[str], bool], since: int) -> bool:
    """Wait until nginx names the right tree as what it runs.

    nginx's own answer decides. What its log says from a place on only shortens the wait, as clients can have
    a line of their own written there.
    """
    deadline, failed, seen = time.monotonic() + PATIENCE, False, 0
    while time.monotonic() < deadline:
        # One answer after another, as former workers may still take connections for a moment.
        seen = seen + 1 if is_right(tree_onhost.running()) else 0
        if seen == 3:
            return True
        if not failed and errors(since):
            failed, deadline = True, min(deadline, time.monotonic() + PATIENCE_AFTER_ERRORS)
        time.sleep(0.05)
    return False


def errors(since: int) -> list[str]:
    """List what nginx could not do, as its log says from a place on, but not in words of clients."""
    try:
        with files.regular(ERROR_LOG) as log:
            log.seek(since)
            said = log.read(files.MOST).decode(errors="replace")
    except OSError:
        return []
    return [line for line in said.split("\n") if _FAILURE.match(line)]

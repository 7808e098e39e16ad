"""On the host: making another configuration of Traefik live, whole or not at all."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import files, journal, removal, run, words
from deploys.proxies.onhost import alone, handover, trees
from deploys.proxies.traefik.onhost import follow, look, tree, trial, where

_LOCK = Path("/run/gatehouse/traefik.lock")
_PATIENCE = 60
"""Seconds to wait for another run; one whose connection was lost goes on to its end, which takes a moment."""

_UNCHANGED = "traefik: nothing was changed, the new configuration"


def main(argument: dict[str, Any]) -> None:
    """Make the tree of `files` live by the `program`, with what is `kept`, in place of `predecessors`.

    Where the tree that it was to replace is given, as the digest `instead_of`, it replaces no other one.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with alone.alone(_LOCK, _PATIENCE):
            there = tree.read_live()
            found = trees.digest(there) if there else None
            if found not in {argument["instead_of"], trees.digest(argument["files"])}:
                sys.exit(
                    "traefik: nothing was changed, as another run has just changed it; run this one again"
                )
            make_live(argument)
    except alone.Busy:
        sys.exit("traefik: nothing was changed, as another run is changing it; run this one again")


def make_live(argument: dict[str, Any]) -> None:
    """Have a configuration tried, name it by one rename, have Traefik run it, and see that it does."""
    trial.passed(argument["program"], argument["files"])
    former = tree.live()
    before = {file["path"]: _there(file["path"]) for file in argument["kept"]}
    # Who has the ports until now gets them back; what was live before that is nothing to go back to.
    serves_another = bool(handover.serving(argument["predecessors"]))
    try:
        made = trees.write(where.TREES, argument["files"], "traefik")
        _arrange(argument["kept"])
        tree.point(made)
        with handover.taken_over(where.UNIT, argument["predecessors"]):
            if problem := _serve():
                sys.exit(f"traefik: the new configuration was not taken: {problem}")
    except BaseException as error:
        said = f"{_UNCHANGED} cannot be made live: {error}" if isinstance(error, OSError) else str(error)
        if former is None or serves_another:
            run.attempt(run.SYSTEMCTL, "--quiet", "disable", "--now", *where.UNITS)
            _go_back(former, before)
            sys.exit(said)
        _go_back(former, before)
        problem = _serve()
        again = f"could not be taken again: {problem}" if problem else "is live again, and runs"
        sys.exit(f"{said}\ntraefik: the former one {again}")
    # Until it serves, a reboot leaves the ports to who had them.
    run.systemctl("--now", "enable", *where.STARTED_AT_BOOT)
    trees.prune(where.TREES, made, former)


def _there(path: str) -> "tuple[bytes, int] | None":
    return (files.read(path), os.stat(path).st_mode & 0o7777) if os.path.isfile(path) else None


def _arrange(kept: list[dict[str, Any]]) -> None:
    """Have systemd know the units, and hold the port of what answers for Traefik."""
    changed = [file for file in kept if _there(file["path"]) != (file["content"].encode(), file["mode"])]
    for file in changed:
        files.write(file["path"], file["content"], file["mode"])
    if changed or not look.is_enabled():
        run.systemctl("daemon-reload")
        run.systemctl("start", where.PAGES_SOCKET)
        # What runs until now may be of another library.
        run.systemctl("try-restart", where.PAGES_UNIT)


def _serve() -> str:
    """Have Traefik run what the link names: begin, begin anew where it must, or follow."""
    found = tree.read_live()
    if follow.has_process() and look.is_as_started(found):
        return follow.told()
    done = run.attempt(run.SYSTEMCTL, "restart", where.UNIT)
    if done.returncode == 0 and follow.is_taken():
        return ""
    said = journal.last(where.UNIT, 20, of_systemd=True)
    return f"\n{words.quoted(said or done.stderr)}"


def _go_back(former: "Path | None", before: "dict[str, tuple[bytes, int] | None]") -> None:
    tree.point(former)
    changed = {path: there for path, there in before.items() if _there(path) != there}
    for path, there in changed.items():
        if there is None:
            removal.remove(path)
        else:
            files.write(path, *there)
    if changed:
        run.attempt(run.SYSTEMCTL, "daemon-reload")
        run.attempt(run.SYSTEMCTL, "try-restart", where.PAGES_UNIT)

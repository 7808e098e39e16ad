"""On the host: making another configuration of Caddy live, whole or not at all."""

import grp
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import files, journal, removal, run, words
from deploys.proxies.caddy.onhost import api, places, serve, state
from deploys.proxies.onhost import alone, handover, trees

LOCK = Path("/run/gatehouse/caddy.lock")
PATIENCE = 60
"""Seconds to wait for another run; one whose connection was lost goes on to its end, which takes a moment."""


def main(argument: "dict[str, Any]") -> None:
    """Make the tree of `files` live, and see that Caddy serves it.

    Args:
        argument: `files`, by paths below the tree; `instead_of`, the digest of the one that was seen live;
            `beside`, contents and modes of what is no part of it, by paths; `program`; `unit`, which digest
            of it a Caddy has in its environment that was started by the unit file; and `predecessors`.

    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with alone.alone(LOCK, PATIENCE):
            live = state.live_tree()
            digest = trees.digest(trees.read(live)) if live else None
            if digest not in {argument.get("instead_of", digest), trees.digest(argument["files"])}:
                sys.exit("caddy: nothing was changed, as another run has just changed it; run this one again")
            make_live(argument)
    except alone.Busy:
        sys.exit("caddy: nothing was changed, as another run is changing it; run this one again")


def make_live(argument: "dict[str, Any]") -> None:
    """Write a tree, have Caddy test it, name it with one rename, hand it over, and see that it is served."""
    before = places.HOME / os.readlink(places.LIVE) if places.LIVE.is_symlink() else None
    is_served_by_another = bool(handover.serving(argument["predecessors"]))
    ran = state.started()
    known = {*places.TREES.iterdir()} if places.TREES.exists() else set()
    tree = trees.write(places.TREES, argument["files"], "caddy")
    former = {path: _found(path) for path in argument["beside"]}
    try:
        test(argument["program"], tree)
        arrange(argument["beside"])
        trees.point(places.LIVE, tree)
        with handover.taken_over(places.UNIT, argument["predecessors"]):
            begin(argument["program"], argument["unit"])
            if not state.is_running(tree):
                sys.exit("caddy: runs another configuration than what was handed over")
    except BaseException as error:
        if before is None:
            run.attempt(run.SYSTEMCTL, "--quiet", "disable", "--now", places.UNIT)
        restore(former)
        went_back = go_back(before, ran, has_ports=not is_served_by_another)
        if tree not in known:
            removal.remove(tree)
        if went_back:
            sys.exit(f"{error}\ncaddy: the former configuration is live again")
        raise
    run.systemctl("enable", places.UNIT)
    trees.prune(places.TREES, tree, before)


def test(program: str, tree: Path) -> None:
    """Have Caddy load the candidate whole, as it would to serve it, but for the ports."""
    environment = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME"), "/run/gatehouse")
    config = json.dumps(serve.whole(tree))
    tested = run.attempt(program, "validate", "--config", "-", stdin=config, environment=environment)
    if tested.returncode:
        told = words.quoted("\n".join(_errors(words.lines(tested.stderr))))
        sys.exit(f"caddy: nothing was changed, the new configuration failed its test:\n{told}")


def arrange(beside: "dict[str, Any]") -> None:
    """Have what is no part of a configuration there, and a place for the log that Caddy cannot read."""
    changed = [path for path, wanted in beside.items() if _found(path) != (wanted["content"], wanted["mode"])]
    for path in changed:
        files.write(path, beside[path]["content"], beside[path]["mode"])
    readers = grp.getgrnam("adm").gr_gid
    files.make_directory(places.LOGS, 0o750, uid=0, gid=readers)
    if not places.ACCESS_LOG.exists():
        files.write(places.ACCESS_LOG, "", 0o640, uid=0, gid=readers)
    if str(places.UNIT_FILE) in changed:
        run.systemctl("daemon-reload")


def begin(program: str, unit: str) -> None:
    """Have Caddy serve what is live: the one that runs, or another one if that is another program or unit."""
    if state.started() == (program, unit) and handover.is_active(places.UNIT):
        if why := api.load(serve.whole(places.LIVE)):
            sys.exit(f"caddy: the new configuration was not taken: {why}")
        return
    started = run.attempt(run.SYSTEMCTL, "restart", places.UNIT)
    if started.returncode:
        told = words.quoted(journal.last(places.UNIT, 10, of_systemd=True) or started.stderr)
        sys.exit(f"caddy: does not start with the new configuration:\n{told}")


def restore(former: "dict[str, tuple[str, int] | None]") -> None:
    """Have what is no part of a configuration as it was."""
    changed = [path for path, found in former.items() if _found(path) != found]
    for path in changed:
        if there := former[path]:
            files.write(path, *there)
        else:
            removal.remove(path)
    if changed:
        run.attempt(run.SYSTEMCTL, "--quiet", "daemon-reload")


def go_back(before: "Path | None", ran: "tuple[str, str]", *, has_ports: bool) -> bool:
    """Have the link name what it named; say whether Caddy serves that again.

    Args:
        before: what it named, if anything.
        ran: which program ran, and by which unit, if any did.
        has_ports: whether Caddy is to serve at all; if not, the proxy does that it was to replace.

    """
    if before is None or os.readlink(places.LIVE) != os.path.relpath(before, places.HOME):
        trees.point(places.LIVE, before)
    elif state.started() == ran:
        return False
    if before is None or not has_ports:
        return False
    if state.started() != ran or not state.is_running(before):
        run.attempt(run.SYSTEMCTL, "reload-or-restart" if state.started() == ran else "restart", places.UNIT)
    return state.is_running(before)


def _errors(said: "list[str]") -> "list[str]":
    """Pick what Caddy says that is wrong, if it says so."""
    return [line for line in said if line.startswith("Error")] or said


def _found(path: str) -> "tuple[str, int] | None":
    file = Path(path)
    return (files.text(file), file.stat().st_mode & 0o7777) if file.is_file() else None

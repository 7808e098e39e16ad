"""On the host: making another tree live, whole or not at all."""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import files as files_onhost
from deploys.onhost import holders, removal, run, sockets, words
from deploys.proxies.nginx.onhost import reload
from deploys.proxies.nginx.onhost import tree as tree_onhost
from deploys.proxies.onhost import alone, handover, trees

NGINX, TREES, LIVE = tree_onhost.NGINX, tree_onhost.TREES, tree_onhost.LIVE
CANDIDATE = NGINX / "gatehouse-candidate.conf"
DEBIANS_OWN = NGINX / "nginx.conf.debian"
LOCK = Path("/run/gatehouse/nginx.lock")
PATIENCE = 60
"""Seconds to wait for another run; one whose connection was lost goes on to its end, which takes a moment."""


def main(argument: dict[str, Any]) -> None:
    """Make the tree of `files` live, with a drop-in `service` for the unit, in place of `predecessors`.

    Where the tree that it was to replace is given, as the digest `instead_of`, it replaces no other one.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with alone.alone(LOCK, PATIENCE):
            live = live_digest()
            if live not in {argument.get("instead_of", live), trees.digest(argument["files"])}:
                sys.exit("nginx: nothing was changed, as another run has just changed it; run this one again")
            make_live(argument["files"], argument["service"], argument["predecessors"])
    except alone.Busy:
        sys.exit("nginx: nothing was changed, as another run is changing it; run this one again")


def live_digest() -> str | None:
    """Name the configuration that is live by its contents."""
    tree = tree_onhost.live_tree()
    return trees.digest(trees.read(tree)) if tree else None


def make_live(files: dict[str, str], service: str, predecessors: list[str]) -> None:
    """Write a tree, have nginx test it, name it with one rename, have nginx read it, and see that it did."""
    before = os.readlink(LIVE) if LIVE.is_symlink() else None
    debians_site = tree_onhost.is_debians_site()
    known = set(TREES.iterdir()) if TREES.exists() else set()
    tree = trees.write(TREES, files, "nginx")
    try:
        if debians_site:
            tree_onhost.DEBIANS_SITE.unlink()
        point(CANDIDATE, (tree / "nginx.conf").relative_to(NGINX))
        others = tree_onhost.others_digest()
        test(tree)
        set_aside_debians_own()
        arrange(service)
        CANDIDATE.rename(LIVE)
        trees.sync(NGINX)
        with handover.taken_over("nginx.service", predecessors):
            if why := reload.serve(tree):
                sys.exit("\n".join(["nginx: the new configuration was not taken:", why, *_taken()]))
    except BaseException as error:
        CANDIDATE.unlink(missing_ok=True)
        if debians_site and not tree_onhost.DEBIANS_SITE.is_symlink():
            tree_onhost.DEBIANS_SITE.symlink_to("/etc/nginx/sites-available/default")
        went_back = go_back(before)
        runs = reload.serve_again(tree_onhost.live_tree(), instead_of=tree) if went_back else ""
        if runs:
            sys.exit(f"{error}\nnginx: the former one is live again, but nginx runs {runs}; run this again")
        if tree not in known:
            removal.remove(tree)
        if went_back and not handover.is_active("nginx"):
            sys.exit(f"{error}\nnginx: the former one is there again, but nginx does not run")
        if went_back:
            sys.exit(f"{error}\nnginx: the former one is live again, and runs")
        raise
    leave_groups(tree)
    remember(others)
    trees.prune(TREES, tree, (NGINX / before).parent if before else None)


def _taken() -> list[str]:
    """Say who has its ports, which on a bare machine could not be seen beforehand, or came since."""
    return [
        f"nginx: port {port} is taken by {holders.told(holders.holder(inode))}"
        for port in (80, 443)
        for inode in sockets.strangers(port, "nginx.service")[:1]
    ]


def leave_groups(tree: Path) -> None:
    """Take nginx's workers out of apps' groups, now that what they serve of apps is public."""
    groups = tree_onhost.groups_of_apps()
    for group in groups:
        run.attempt("/usr/bin/gpasswd", "--delete", tree_onhost.WORKER, group)
    # Workers keep the groups that they were started with.
    if groups and (words := reload.serve(tree)):
        sys.exit(f"nginx: the configuration is live, but its workers are still as before:\n{words}")


def remember(others: str) -> None:
    """Keep the digest of other software's configuration that nginx has read."""
    tree_onhost.OTHERS_READ.parent.mkdir(parents=True, exist_ok=True)
    tree_onhost.OTHERS_READ.write_text(others)


def point(link: Path, main_file: Path | str) -> None:
    """Make a link to a main file; in `/etc/nginx`, from where relative includes resolve."""
    link.unlink(missing_ok=True)
    link.symlink_to(main_file)


def test(tree: Path) -> None:
    """Have nginx test the candidate whole, as it would read it when live."""
    tested = run.attempt("/usr/sbin/nginx", "-t", "-q", "-c", str(CANDIDATE))
    if tested.returncode:
        told = words.quoted(tested.stderr.replace(str(CANDIDATE), str(tree / "nginx.conf")))
        sys.exit(f"nginx: nothing was changed, the new configuration failed its test:\n{told}")


def set_aside_debians_own() -> None:
    """Keep the package's nginx.conf, and have the package's later versions go beside it."""
    if LIVE.is_symlink() or not LIVE.exists():
        return
    shutil.copy2(tree_onhost.LIVE, DEBIANS_OWN)
    divert = run.attempt(
        "/usr/bin/dpkg-divert", "--local", "--no-rename", "--divert", str(DEBIANS_OWN), "--add", str(LIVE)
    )
    if divert.returncode:
        sys.exit(words.said("nginx: nothing was changed, dpkg-divert refuses", divert.stderr))


def arrange(service: str) -> None:
    """Have systemd start nginx at boot, and again if it crashes."""
    if tree_onhost.service() != service or not tree_onhost.is_enabled():
        files_onhost.write(tree_onhost.SERVICE, service)
        run.attempt(run.SYSTEMCTL, "daemon-reload")
        run.attempt(run.SYSTEMCTL, "enable", "-q", "nginx")


def go_back(before: str | None) -> bool:
    """Have the link name what it named before, or the package's own file be there; tell if it did not."""
    if before is None and LIVE.is_symlink():
        shutil.copy2(DEBIANS_OWN, CANDIDATE)
    elif before is not None and before != os.readlink(LIVE):
        point(CANDIDATE, before)
    else:
        return False
    CANDIDATE.rename(LIVE)
    trees.sync(NGINX)
    return True

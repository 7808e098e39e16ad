"""On the host: which configuration nginx runs, and making another one live, whole or not at all.

A configuration is a tree, `/etc/nginx/gatehouse.d/<digest>/`, and never changes; the link
`/etc/nginx/nginx.conf` names the live one. Each has a server on a loopback address of its own that
answers with the tree's path, so that what runs can be told from what is on disk.
"""

import grp
import hashlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

NGINX = Path("/etc/nginx")
TREES = NGINX / "gatehouse.d"
LIVE = NGINX / "nginx.conf"
CANDIDATE = NGINX / "gatehouse-candidate.conf"
DEBIANS_OWN = NGINX / "nginx.conf.debian"
DEBIANS_SITE = NGINX / "sites-enabled" / "default"
WORKER = "www-data"
ERROR_LOG = Path("/var/log/nginx/error.log")
TREE = "@tree@"
"""Stands for the tree's own path until the tree is written."""
STATUS_ADDRESS = "127.0.0.80"
RELOAD_TIMEOUT = 30


def main(argument: dict[str, Any]) -> dict[str, Any] | None:
    """Make the tree of `files` live, or tell which one is."""
    if "files" in argument:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        make_live(argument["files"], argument["groups"])
        return None
    live = live_tree()
    files = read(live) if live else {}
    return {
        "digest": digest(files) if live else None,
        "running": live is not None and running() == str(live),
        "enabled": run("systemctl", "is-enabled", "-q", "nginx").returncode == 0,
        "debians_site": is_debians_site(),
        "missing_groups": missing(argument["groups"]),
        "others": others(),
        "files": files if argument["contents"] else {},
    }


def digest(files: dict[str, str]) -> str:
    """Name a tree by its contents."""
    sums = (f"{path} {hashlib.sha256(files[path].encode()).hexdigest()}\n" for path in sorted(files))
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:16]


def live_tree() -> Path | None:
    """Follow the link to the tree that the next start of nginx would read."""
    tree = Path(os.path.realpath(LIVE)).parent
    return tree if LIVE.is_symlink() and tree.parent == TREES else None


def read(tree: Path) -> dict[str, str]:
    """Read a tree's files as they were before they had a place."""
    files = {
        path: path.read_text(encoding="utf-8", errors="replace") for path in tree.rglob("*") if path.is_file()
    }
    return {str(path.relative_to(tree)): content.replace(str(tree), TREE) for path, content in files.items()}


def running() -> str:
    """Ask the nginx that runs which tree it has read."""
    connection = http.client.HTTPConnection(STATUS_ADDRESS, 80, timeout=5)
    try:
        connection.request("GET", "/tree")
        return connection.getresponse().read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def others() -> list[str]:
    """List the configuration of other software, which every tree includes."""
    found = [*NGINX.glob("conf.d/*.conf"), *NGINX.glob("sites-enabled/*")]
    return sorted(str(path) for path in found if path != DEBIANS_SITE or not is_debians_site())


def is_debians_site() -> bool:
    """Say whether Debian's own example site is there; it claims to be the default server."""
    site = NGINX / "sites-available" / "default"
    return DEBIANS_SITE.is_symlink() and DEBIANS_SITE.resolve() == site and is_as_packaged(site)


def is_as_packaged(path: Path) -> bool:
    """Say whether a configuration file is still the one that its package brought."""
    query = run("dpkg-query", "-W", "-f", "${Conffiles}\n", "nginx-common")
    packaged = dict(line.split()[:2] for line in query.stdout.splitlines() if line.strip())
    md5 = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return packaged.get(str(path)) == md5


def missing(groups: list[str]) -> list[str]:
    """List the groups that nginx's workers are not in, though they are to read its files."""
    return [group for group in groups if WORKER not in members(group)]


def members(group: str) -> list[str]:
    """List who is in a group; nobody is in one that does not exist yet."""
    try:
        return grp.getgrnam(group).gr_mem
    except KeyError:
        return []


def make_live(files: dict[str, str], groups: list[str]) -> None:
    """Write a tree, have nginx test it, name it with one rename, have nginx read it, and see that it did."""
    former, debians_site = live_tree(), is_debians_site()
    tree = write(files)
    try:
        if debians_site:
            DEBIANS_SITE.unlink()
        point(CANDIDATE, tree)
        test(tree)
        set_aside_debians_own()
        for group in missing(groups):
            run("gpasswd", "--add", WORKER, group)
        CANDIDATE.rename(LIVE)
        sync(NGINX)
        serve(tree)
    except BaseException:
        CANDIDATE.unlink(missing_ok=True)
        if debians_site and not DEBIANS_SITE.is_symlink():
            DEBIANS_SITE.symlink_to("/etc/nginx/sites-available/default")
        go_back(former)
        if tree != former:
            shutil.rmtree(tree, ignore_errors=True)
        raise
    prune(keep=[tree, former or tree])


def write(files: dict[str, str]) -> Path:
    """Write a tree beside the others, unless it is there already, and have it on the disk for good."""
    name, wanted = digest(files), files
    for tree in (TREES / name, *(TREES / f"{name}-{number}" for number in range(2, 1000))):
        if tree.is_dir() and read(tree) == wanted:
            return tree
        if not tree.exists():
            break
    unfinished = TREES / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        for path, content in files.items():
            file = unfinished / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w", encoding="utf-8") as stream:
                stream.write(content.replace(TREE, str(tree)))
                stream.flush()
                os.fsync(stream.fileno())
        for directory in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            directory.chmod(0o755)
            sync(directory)
        unfinished.rename(tree)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        sys.exit(f"nginx: nothing was changed, the new configuration cannot be written: {error}")
    sync(TREES)
    return tree


def point(link: Path, tree: Path) -> None:
    """Make a link to a tree's main file, in `/etc/nginx`, from where relative includes resolve."""
    link.unlink(missing_ok=True)
    link.symlink_to((tree / "nginx.conf").relative_to(NGINX))


def test(tree: Path) -> None:
    """Have nginx test the candidate whole, as it would read it when live."""
    tested = run("nginx", "-t", "-q", "-c", str(CANDIDATE))
    if tested.returncode:
        words = tested.stderr.replace(str(CANDIDATE), str(tree / "nginx.conf")).strip()
        sys.exit(f"nginx: nothing was changed, the new configuration failed its test:\n{words}")


def set_aside_debians_own() -> None:
    """Keep the package's nginx.conf, and have the package's later versions go beside it."""
    if LIVE.is_symlink() or not LIVE.exists():
        return
    shutil.copy2(LIVE, DEBIANS_OWN)
    divert = run("dpkg-divert", "--local", "--no-rename", "--divert", str(DEBIANS_OWN), "--add", str(LIVE))
    if divert.returncode:
        sys.exit(f"nginx: nothing was changed, {divert.stderr.strip()}")


def serve(tree: Path) -> None:
    """Have nginx run the tree, now and after a reboot."""
    run("systemctl", "enable", "-q", "nginx")
    known = ERROR_LOG.stat().st_size if ERROR_LOG.exists() else 0
    active = run("systemctl", "is-active", "-q", "nginx").returncode == 0
    order = run("systemctl", "reload" if active else "start", "nginx")
    if order.returncode == 0 and is_served(tree):
        return
    said = ERROR_LOG.read_bytes()[known:].decode(errors="replace") if ERROR_LOG.exists() else ""
    if not active:
        said += run("journalctl", "-u", "nginx", "-n", "20", "-o", "cat", "--no-pager").stdout
    words = "\n".join(line for line in said.splitlines() if "[emerg]" in line or "[alert]" in line)
    sys.exit(
        f"nginx: nothing was changed, nginx could not take the new configuration:\n{words or order.stderr}"
    )


def is_served(tree: Path) -> bool:
    """Wait until one answer after another comes from the tree."""
    deadline, seen = time.monotonic() + RELOAD_TIMEOUT, 0
    while seen < 3 and time.monotonic() < deadline:
        seen = seen + 1 if running() == str(tree) else 0
        time.sleep(0.05)
    return seen == 3


def go_back(former: Path | None) -> None:
    """Name the former tree again, or put the package's own file back, where the link has moved on."""
    if live_tree() == former:
        return
    if former:
        point(CANDIDATE, former)
        CANDIDATE.rename(LIVE)
    else:
        shutil.copy2(DEBIANS_OWN, CANDIDATE)
        CANDIDATE.rename(LIVE)
    sync(NGINX)


def prune(keep: list[Path]) -> None:
    """Remove the trees that are neither live nor the last one before."""
    for tree in keep:
        os.utime(tree)
    newest = sorted(TREES.iterdir(), key=lambda tree: tree.stat().st_mtime, reverse=True)
    for tree in newest[2:]:
        if tree not in keep:
            shutil.rmtree(tree, ignore_errors=True)


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run a program and keep what it says."""
    return subprocess.run(words, capture_output=True, text=True, check=False)


def sync(directory: Path) -> None:
    """Have a directory's entries on the disk for good."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

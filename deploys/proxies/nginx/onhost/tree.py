"""On the host: which configuration nginx runs.

A configuration is a tree, `/etc/nginx/gatehouse.d/<digest>/`, and never changes; the link
`/etc/nginx/nginx.conf` names the live one. Each has a server on a loopback address of its own that
answers with the tree's path, so that what runs can be told from what is on disk.
"""

import grp
import hashlib
import http.client
import os
import pwd
from pathlib import Path
from typing import Any

from deploys.onhost import run
from deploys.proxies.onhost import trees

NGINX = Path("/etc/nginx")
TREES = NGINX / "gatehouse.d"
LIVE = NGINX / "nginx.conf"
SERVICE = Path("/etc/systemd/system/nginx.service.d/gatehouse.conf")
DEBIANS_SITE = NGINX / "sites-enabled" / "default"
OTHERS_READ = Path("/var/lib/gatehouse/nginx-others")
"""What the configuration of other software was when nginx was last told to read it: a digest."""
WORKER = "www-data"
ABOUT_APPS = "gatehouse app "
"""How the comment of an app's user begins."""
STATUS_ADDRESS = "127.0.0.80"


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Tell which tree is live, and whether nginx runs it."""
    live = live_tree()
    files = trees.read(live) if live else {}
    return {
        "digest": trees.digest(files) if live else None,
        "running": live is not None and running() == str(live),
        "enabled": is_enabled(),
        "service": service(),
        "debians_site": is_debians_site(),
        "groups_of_apps": groups_of_apps(),
        "others": others(),
        "others_read": others_read() == others_digest(),
        "files": files if argument["contents"] else {},
    }


def is_enabled() -> bool:
    """Say whether systemd starts nginx at boot, and has read all that it is told of it."""
    shown = run.properties("nginx", "UnitFileState", "NeedDaemonReload")
    return shown == {"UnitFileState": "enabled", "NeedDaemonReload": "no"}


def service() -> "str | None":
    """Read the drop-in of nginx's unit."""
    return SERVICE.read_text(encoding="utf-8", errors="replace") if SERVICE.is_file() else None


def live_tree() -> Path | None:
    """Follow the link to the tree that the next start of nginx would read."""
    tree = Path(os.path.realpath(LIVE)).parent
    return tree if LIVE.is_symlink() and tree.parent == TREES else None


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
    patterns = ("conf.d/*.conf", "modules-enabled/*.conf", "sites-enabled/*")
    found = [path for pattern in patterns for path in NGINX.glob(pattern)]
    return sorted(str(path) for path in found if path != DEBIANS_SITE or not is_debians_site())


def others_digest() -> str:
    """Name the configuration of other software by its contents, so that a change of it is noticed."""
    files = [Path(path) for path in others()]
    return trees.digest(
        {str(file): file.read_text(errors="replace") if file.is_file() else "" for file in files}
    )


def others_read() -> str:
    """Tell what the digest was when nginx last read that configuration; none, for nginx's own first start."""
    return OTHERS_READ.read_text() if OTHERS_READ.is_file() else trees.digest({})


def is_debians_site() -> bool:
    """Say whether Debian's own example site is there; it claims to be the default server."""
    site = NGINX / "sites-available" / "default"
    return DEBIANS_SITE.is_symlink() and DEBIANS_SITE.resolve() == site and is_as_packaged(site)


def is_as_packaged(path: Path) -> bool:
    """Say whether a configuration file is still the one that its package brought."""
    query = run.attempt("/usr/bin/dpkg-query", "-W", "-f", "${Conffiles}\n", "nginx-common")
    packaged = dict(line.split()[:2] for line in query.stdout.splitlines() if line.strip())
    md5 = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return packaged.get(str(path)) == md5


def groups_of_apps() -> list[str]:
    """List the apps' groups that nginx's workers are in, as they once were to read releases."""
    apps = {user.pw_name for user in pwd.getpwall() if user.pw_gecos.startswith(ABOUT_APPS)}
    joined = {group.gr_name for group in grp.getgrall() if WORKER in group.gr_mem}
    return sorted(apps & joined)

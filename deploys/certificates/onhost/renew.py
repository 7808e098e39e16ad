"""On the host: renew what is due, in the unit's sandbox unless what renews is the operator's own."""

import os
import re
from pathlib import Path
from typing import Any

from deploys.certificates.onhost import renewal
from deploys.onhost import run

OURS = "gatehouse"
"""The name of our own deploy hook."""

_HOOK = re.compile(r"^\s*[\w-]*hook\s*=\s*(?!None\s*$)\S", re.MULTILINE)
_CONFIGURATIONS = ("/etc/letsencrypt/cli.ini", "/root/.config/letsencrypt/cli.ini")


def main(settings: "dict[str, Any]") -> None:
    """Become certbot; hooks, installers and challenges that are the operator's own get a unit without walls.

    Args:
        settings: `certbot`, the program; `letsencrypt` and `webroot`, directories.

    """
    command: run.Command = (settings["certbot"], "-q", "renew", "--no-random-sleep-on-renew")
    others = of_others(Path(settings["letsencrypt"]), settings["webroot"])
    if others:
        print(f"without a sandbox, as this is yours: {', '.join(others)}", flush=True)
        command = run.outside(*command, keep=list(os.environ))
    run.become(*command)


def of_others(
    letsencrypt: Path, webroot: str, configurations: "tuple[str, ...]" = _CONFIGURATIONS
) -> "list[str]":
    """List the files that have certbot do what gatehouse has not asked for.

    Args:
        letsencrypt: certbot's directory.
        webroot: where our challenges lie.
        configurations: files of options for all that certbot does.

    """
    hooks = [path for path in sorted(letsencrypt.glob("renewal-hooks/*/*")) if _is_run(path)]
    options = [
        path for path in map(Path, configurations) if path.is_file() and _HOOK.search(path.read_text())
    ]
    lineages = [path for path in sorted(letsencrypt.glob("renewal/*.conf")) if not _is_ours(path, webroot)]
    return [str(path) for path in (*hooks, *options, *lineages)]


def _is_run(hook: Path) -> bool:
    return hook.name != OURS and not hook.name.endswith("~") and os.access(hook, os.X_OK)


def _is_ours(conf: Path, webroot: str) -> bool:
    told = renewal.read(conf)
    by_http = told.get("authenticator") == "webroot" and told.get("webroot_path") == webroot
    by_plugin = told.get("authenticator", "").startswith("dns-")
    is_installed = told.get("installer", "None") != "None"
    return (by_http or by_plugin) and not is_installed and not _HOOK.search(conf.read_text())

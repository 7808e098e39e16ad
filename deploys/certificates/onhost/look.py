"""On the host: every certificate that is there, where it is served from, and what renews it."""

import glob
import json
import os
import time
from pathlib import Path
from typing import Any

from deploys.certificates.onhost import certbot, renewal, x509


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Describe the lineages named, and list those that certbot keeps besides.

    Args:
        argument: `lineages` is a table from name to the name to ask for on the wire; `certificates` and
            `letsencrypt` are directories; `webroot` holds challenges; `told` is the file that says which
            address each CA was told, `accounts` the directory of certbot's accounts there; `pinned` matches
            the environments of certbots from PyPI.

    """
    letsencrypt = Path(argument["letsencrypt"])
    kept = {path.name[:-5]: path for path in sorted((letsencrypt / "renewal").glob("*.conf"))}
    links = Path(argument["certificates"])
    return {
        "now": time.time(),
        "lineages": {
            name: _lineage(links / name, letsencrypt / "live" / name, kept.get(name), ask)
            for name, ask in argument["lineages"].items()
        },
        "unwanted": sorted({path.name for path in links.glob("[!.]*")} - set(argument["lineages"])),
        "webroot": Path(argument["webroot"], ".well-known", "acme-challenge").is_dir(),
        "told": _json(Path(argument["told"])),
        "registered": any(Path(argument["accounts"]).glob("*/regr.json")),
        "pinned": _pinned(argument["pinned"]),
    }


def _lineage(link: Path, live: Path, conf: "Path | None", ask: str) -> "dict[str, Any]":
    key = live / "privkey.pem"
    usable = key.exists() and key.stat().st_size > 0
    return {
        "leads_to": os.readlink(link) if link.is_symlink() else None,
        "serving": x509.read_certificate(f"{link}/fullchain.pem")
        if (link / "privkey.pem").exists()
        else None,
        "live": x509.read_certificate(f"{live}/fullchain.pem") if usable else None,
        "renewal": renewal.read(conf) if conf else {},
        "wire": _wire(ask),
    }


def _wire(name: str) -> "str | None":
    try:
        return x509.served_fingerprint(name)
    except OSError:
        return None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def _pinned(environments: str) -> "list[str]":
    """List those that are whole, unless the distribution's Python has changed since, and sees none of it."""
    return sorted(path for path in glob.glob(environments) if _is_whole(Path(path)))


def _is_whole(environment: Path) -> bool:
    # The link leads to /usr/bin/python3, and on to what that is today: python3.13.
    python = (environment / "bin" / "python3").resolve().name
    packages = environment / "lib" / python / "site-packages"
    return (environment / certbot.LIST).exists() and (packages / "certbot").is_dir()

"""On the host: which releases apps have, what their slots run, and where the traffic goes."""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

_RELEASE = re.compile(r"^X-Gatehouse-Release=(\d+)$", re.MULTILINE)


def main(argument: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Describe each app, given by where its things are."""
    units = [slot["unit"] for app in argument for slot in app["slots"].values()]
    states = _states(units)
    return [_app(app, states) for app in argument]


def _app(app: dict[str, Any], states: dict[str, dict[str, str]]) -> dict[str, Any]:
    whole, broken = [], []
    for directory in _numbered(Path(app["releases"])):
        try:
            whole.append(
                {**json.loads((directory / "release.json").read_text()), "number": int(directory.name)}
            )
        except (OSError, ValueError):
            broken.append(int(directory.name))
    return {
        "releases": whole,
        "broken": broken,
        "live": "b" if os.path.exists(app["b_is_live"]) else "a",
        "slots": {name: _slot(slot, states.get(slot["unit"], {})) for name, slot in app["slots"].items()},
    }


def _numbered(releases: Path) -> list[Path]:
    if not releases.is_dir():
        return []
    found = [entry for entry in releases.iterdir() if entry.name.isdigit()]
    return sorted(found, key=lambda entry: int(entry.name))


def _slot(slot: dict[str, Any], state: dict[str, str]) -> dict[str, Any]:
    unit = Path(slot["unit_file"])
    named = _RELEASE.search(unit.read_text()) if unit.is_file() else None
    return {
        "files": {path: digest(Path(path)) for path in slot["files"] if os.path.isfile(path)},
        "release": int(named[1]) if named else None,
        "active": state.get("ActiveState") not in {None, "inactive", "failed"},
        "enabled": state.get("UnitFileState") == "enabled",
    }


def digest(path: Path) -> str:
    """Digest a file slowly, so that a guess at a short secret cannot be tried quickly."""
    return digest_of(path.read_bytes())


def digest_of(content: bytes) -> str:
    """Digest the content of a file that is, or is to be, on the host."""
    return hashlib.pbkdf2_hmac("sha256", content, b"gatehouse", 20_000).hex()


def _states(units: list[str]) -> dict[str, dict[str, str]]:
    if not units:
        return {}
    names = [f"{unit}.service" for unit in units]
    show = ["systemctl", "show", "--property=ActiveState,UnitFileState", *names]
    shown = subprocess.run(show, capture_output=True, text=True, check=False).stdout
    blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in shown.split("\n\n")]
    return dict(zip(units, blocks, strict=False))

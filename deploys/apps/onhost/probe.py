"""On the host: which apps there are, their releases, what their slots run, and where the traffic goes."""

import contextlib
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from deploys.apps.onhost import names, publish
from deploys.onhost import files, run, sockets

_RELEASE = re.compile(r"^X-Gatehouse-Release=(\d+)$", re.MULTILINE)
ONE_SHOT = re.compile(r"\.(?:job|hook)-[^.]*\.service$")
"""What ends by itself: a job or the commands of a hook."""
_PORT = re.compile(r"^X-Gatehouse-Port=(\d+)$", re.MULTILINE)
_PREFIX = re.compile(r"^X-Gatehouse-Prefix=(.*)$", re.MULTILINE)
_PUBLIC = re.compile(r"^X-Gatehouse-Public=yes$", re.MULTILINE)
_HANDED = re.compile(r"^Sockets=", re.MULTILINE)
"""Of a unit whose server is handed its socket, and does not open its port itself."""
_HOLDS = re.compile(r"\.port-(\d+)\.(?:socket|service)$")
_USER_OF = re.compile(r"gatehouse-([a-z0-9-]+)\.conf")
_TURNS = 200
"""How many times that releases got the traffic are told of."""
UNITS = "/etc/systemd/system"
USERS = "/etc/sysusers.d"


def main(argument: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe each app, given by where its things are, and name all that are there."""
    asked = {app["app"] for app in argument}
    found = {owner: paths for owner, paths in units().items() if owner.app in asked}
    states = _states([unit.name for paths in found.values() for unit in paths])
    return {"apps": [_app(app, found, states) for app in argument], "present": present()}


def units() -> "dict[names.Owner, list[Path]]":
    """Find the unit files of all apps, by whose they are."""
    found: dict[names.Owner, list[Path]] = {}
    for path in sorted(Path(UNITS).glob("gatehouse*")):
        owner = names.owner(path.name)
        if owner and path.is_file():
            found.setdefault(owner, []).append(path)
    return found


def present() -> list[str]:
    """Name every app that has a user or a unit here; its user is what it gets first and loses last."""
    users = [_USER_OF.fullmatch(path.name) for path in Path(USERS).glob("gatehouse-*.conf")]
    owners = {owner.app for owner, paths in units().items() if any(map(_is_ours, paths))}
    return sorted({found[1] for found in users if found} | owners)


def _is_ours(unit: Path) -> bool:
    return _RELEASE.search(files.text(unit)) is not None


def _app(
    app: dict[str, Any], units: "dict[names.Owner, list[Path]]", states: dict[str, dict[str, str]]
) -> dict[str, Any]:
    whole, broken = [], []
    for directory in _numbered(Path(app["releases"])):
        number = int(directory.name)
        try:
            release = {**json.loads(files.read(directory / "release.json"))}
        except (OSError, TypeError, ValueError):
            broken.append(number)
            continue
        # An upgrade of the machine takes its former Python away, and then this link leads nowhere. The build
        # may have made it: by a name that is too long, a path of Python's raises (before 3.13).
        runs = os.path.exists(directory / app["interpreter"])
        is_startable = (directory / app["wrapper"]).is_file()
        whole.append({**release, "number": number, "runs": runs, "is_startable": is_startable})
    numbers = [*(release["number"] for release in whole), *broken]
    current = _current(app, numbers)

    def of(part: str) -> list[Path]:
        return units.get(names.Owner(app["app"], part), [])

    return {
        "releases": whole,
        "broken": broken,
        "history": history(app["history"])[-_TURNS:],
        "current": current,
        "published": _published(app, current),
        "sockets": _sockets(of("port"), states),
        "live": "b" if os.path.exists(app["b_is_live"]) else "a",
        "slots": {name: _slot(slot, of(name), states) for name, slot in app["slots"].items()},
    }


def _published(app: dict[str, Any], current: "int | None") -> list[str]:
    return publish.published(Path(app["published"]), current) if current else []


def _current(app: dict[str, Any], numbers: list[int]) -> int | None:
    """Say to which release the link leads by which people find it, if to one that is there."""
    try:
        target = os.readlink(app["current"])
    except OSError:
        return None
    return next((number for number in numbers if target == f"{app['releases']}/{number}"), None)


def history(path: str) -> list[dict[str, Any]]:
    """Read when which release got the traffic; a last line that was cut off does not count."""
    found = []
    for line in files.text(path).splitlines() if os.path.exists(path) else []:
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def _numbered(releases: Path) -> list[Path]:
    numbers = [name for name in files.names(releases) if name.isascii() and name.isdecimal()]
    return [releases / number for number in sorted(numbers, key=int)]


def _slot(slot: dict[str, Any], units: list[Path], states: dict[str, dict[str, str]]) -> dict[str, Any]:
    secrets = sorted(Path(slot["secrets"]).glob("*"))
    service = next((files.text(unit) for unit in units if unit.name == slot["service"]), "")
    release, port, prefix = (key.search(service) for key in (_RELEASE, _PORT, _PREFIX))
    # A job or hook at work is no reason to call a slot busy, and neither is ever enabled.
    lasting = [unit.name for unit in units if not ONE_SHOT.search(unit.name)]
    return {
        "files": {
            **{str(path): digest_of(files.read(path)) for path in units},
            **{str(path): digest_of(files.read(path), is_secret=True) for path in secrets},
        },
        "release": int(release[1]) if release else None,
        "port": int(port[1]) if port else None,
        "prefix": prefix[1] if prefix else "",
        "is_public": _PUBLIC.search(service) is not None,
        "is_handed": _HANDED.search(service) is not None,
        "served": os.path.exists(slot["served"]),
        "due": os.path.exists(slot["due"]),
        "health": files.text(slot["tried"]) if os.path.exists(slot["tried"]) else None,
        "units": lasting,
        "running": [unit for unit in lasting if states[unit]["ActiveState"] not in {"inactive", "failed"}],
        "enabled": [unit for unit in lasting if states[unit]["UnitFileState"] == "enabled"],
    }


def _sockets(units: list[Path], states: dict[str, dict[str, str]]) -> dict[int, dict[str, Any]]:
    """Describe what holds ports, by port."""
    found: dict[int, dict[str, Any]] = {}
    for unit in units:
        port = _HOLDS.search(unit.name)
        if not port:
            continue
        socket = found.setdefault(int(port[1]), {"files": {}, "is_held": False})
        socket["files"][str(unit)] = digest_of(files.read(unit))
        if unit.suffix == ".socket":
            is_on = states[unit.name]["ActiveState"] == "active"
            is_kept = states[unit.name]["UnitFileState"] == "enabled"
            socket["is_held"] = is_on and is_kept and bool(sockets.held(int(port[1])))
    return found


def digest_of(content: bytes, *, is_secret: bool = False) -> str:
    """Digest the content of a file that is, or is to be, on the host.

    That of a secret takes long, so that a guess at a short one cannot be tried quickly.
    """
    if is_secret:
        return hashlib.pbkdf2_hmac("sha256", content, b"gatehouse", 20_000).hex()
    return hashlib.sha256(content).hexdigest()


def _states(units: list[str]) -> dict[str, dict[str, str]]:
    if not units:
        return {}
    shown = run.systemctl("show", "--property=ActiveState,UnitFileState", *units)
    blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in shown.split("\n\n")]
    return dict(zip(units, blocks, strict=True))

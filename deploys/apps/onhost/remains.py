"""On the host: what there is of apps that are to go."""

import os
import pwd
import re
from pathlib import Path
from typing import Any

from deploys.apps.onhost import names, probe
from deploys.onhost import files, run

_WRITABLE = re.compile(r"^(?:ReadWritePaths|BindPaths)=(/.+)$", re.MULTILINE)


def main(argument: "list[dict[str, Any]]") -> "list[dict[str, Any]]":
    """Describe what there is of each app, given by where its things are."""
    return [look(app) for app in argument]


def look(app: "dict[str, Any]") -> "dict[str, Any]":
    """List what goes with an app, and what stays."""
    return {
        "units": units(app),
        "paths": [path for path in app["paths"] if os.path.lexists(path)],
        "user": app["user"] if is_ours(app) else None,
        "keeps": kept(app),
    }


def kept(app: "dict[str, Any]") -> list[str]:
    """List the directories of the app that hold what gatehouse has not put there."""
    return [path for path in (*_data(app), *writable(app)) if os.path.exists(path)]


def writable(app: "dict[str, Any]") -> list[str]:
    """List the directories elsewhere that the app could write to, by its own settings."""
    found = {path for unit in unit_files(app) for path in _WRITABLE.findall(files.text(unit))}
    own = (f"{app['home']}/", f"{app['state']}/")
    return sorted(path for path in found if not f"{path}/".startswith(own))


def unit_files(app: "dict[str, Any]") -> list[Path]:
    """List the unit files of both slots, and of the ports."""
    return sorted(path for owner, paths in probe.units().items() if owner.app == app["app"] for path in paths)


def units(app: "dict[str, Any]") -> list[str]:
    """List the units of both slots, of the ports, and of a build; also what runs though its file is gone."""
    shown = run.systemctl("list-units", "--all", "--plain", "--no-legend", "--full", "gatehouse*")
    rows = [line.split(maxsplit=3) for line in shown.splitlines()]
    running = {unit for unit, _, active, _ in rows if active != "inactive" and names.is_of(app["app"], unit)}
    return sorted(running.union(path.name for path in unit_files(app)))


def is_ours(app: "dict[str, Any]") -> bool:
    """Say whether the app's user is one that gatehouse has made."""
    try:
        return bool(pwd.getpwnam(app["user"]).pw_gecos == app["about_user"])
    except KeyError:
        return False


def _data(app: "dict[str, Any]") -> list[str]:
    ours = {Path(path).name for path in app["paths"] if Path(path).parent == Path(app["home"])}
    state, home = Path(app["state"]), Path(app["home"])
    kept = [] if files.is_empty(state) else [state]
    kept += [home] if any(name not in ours for name in files.entries(home)) else []
    return [str(path) for path in kept]

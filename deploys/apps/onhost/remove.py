"""On the host: an app that is no longer wanted, removed whole."""

import pwd
import sys
from pathlib import Path
from typing import Any

from deploys.apps.onhost import disown, lock, names, probe, remains, stamps
from deploys.firewall.onhost import load as firewall
from deploys.onhost import files, removal, run, sockets, words

_TOLD = "/run/gatehouse"
"""Where alerts keep when a unit's failure was last told of."""


def main(app: "dict[str, Any]") -> None:
    """End the app's units, and then remove what it has; its user, by which it is known, comes last.

    A removal that was cut off anywhere is finished by the next one.
    """
    with lock.turn(app["lock"]):
        units = remains.units(app)
        _end(units, app["drain"])
        # While the unit files still say where.
        _hand_over(app)
        _remove_units(app, units)
        for path in app["paths"]:
            removal.remove(path)
        _leave(Path(app["home"]))
        _leave(Path(app["state"]))
        if remains.is_ours(app):
            run.output("/usr/sbin/userdel", app["user"])
            # userdel keeps a group that has another member, as the proxy's user may be.
            run.attempt("/usr/sbin/groupdel", app["user"])
        firewall.forget(app["app"])
        Path(app["sysusers"]).unlink(missing_ok=True)
    for suffix in (".json", ".lock"):
        Path(f"{app['lock']['path']}{suffix}").unlink(missing_ok=True)


def _end(units: list[str], grace: float) -> None:
    """Stop what starts others, let open requests end, then stop the rest, and see that it has stopped."""
    timers = [unit for unit in units if unit.endswith(".timer")]
    if timers:
        run.systemctl("stop", *timers)
    sockets.drain([port for unit in units for port in sockets.ports(unit)], grace)
    if units:
        run.systemctl("stop", *units)
        shown = run.systemctl("show", "--property=ActiveState", "--value", *units)
        if set(shown.split()) - {"inactive", "failed"}:
            sys.exit(f"nothing was removed, as not all of these units have ended: {', '.join(units)}")


def _hand_over(app: "dict[str, Any]") -> None:
    """Make root's what is the app's in folders elsewhere, or whoever gets its number next would have it."""
    if not remains.is_ours(app):
        return
    user = pwd.getpwnam(app["user"])
    for path in remains.writable(app):
        try:
            with files.opened(path) as top:
                disown.disown(top, user.pw_uid, user.pw_gid)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            said = words.shown(str(error), 200)
            sys.exit(f"{path} cannot be made root's, remove it or what is in it: {said}")


def _remove_units(app: "dict[str, Any]", units: list[str]) -> None:
    links, marks = _named(app, probe.UNITS, "*.wants/"), _named(app, stamps.STAMPS, "stamp-")
    for path in (*links, *remains.unit_files(app), *marks, *_named(app, _TOLD)):
        path.unlink()
    run.systemctl("daemon-reload")
    for unit in units:
        alert = f"gatehouse.alert@{unit}.service"
        run.attempt(run.SYSTEMCTL, "reset-failed", unit, alert)


def _named(app: "dict[str, Any]", folder: str, before: str = "") -> list[Path]:
    """List the files in a folder that are named after units of the app's."""
    start = len(before.rpartition("/")[2])
    found = Path(folder).glob(f"{before}gatehouse*")
    return [path for path in found if names.is_of(app["app"], path.name[start:])]


def _leave(directory: Path) -> None:
    """Remove a directory that is empty; another one is closed to whoever gets the user's number next."""
    if not directory.is_dir():
        return
    if files.is_empty(directory):
        directory.rmdir()
    else:
        files.make_directory(directory, 0o700, uid=0, gid=0)

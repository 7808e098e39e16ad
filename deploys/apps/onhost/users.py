"""On the host: the users of apps, and whose numbers are on what they have."""

import grp
import os
import pwd
from pathlib import Path
from typing import Any

from deploys.apps.onhost import build, homes
from deploys.onhost import files


def look(argument: "list[dict[str, Any]]") -> "list[dict[str, Any]]":
    """Describe each app's user, given by where its things are."""
    return [_look(app) for app in argument]


def _look(app: "dict[str, Any]") -> "dict[str, Any]":
    fragment = Path(app["sysusers"])
    said = files.text(fragment) if fragment.is_file() else None
    # Without it, whatever has these names is somebody else's.
    owner, group = (_number_on("st_uid", app["state"]), _number_on("st_gid", app["releases"]))
    owns = [owner, group] if said else [None, None]
    return {
        "numbers": _numbers(app["user"]),
        "owns": owns,
        "holders": [_name(pwd.getpwuid, owns[0]), _name(grp.getgrgid, owns[1])],
        "is_known": said == app["sysusers_content"] and homes.is_at(app["user"], app["nowhere"]),
        "is_closed": _is_closed(app["history"]),
    }


def _numbers(user: str) -> "list[int] | None":
    try:
        found = pwd.getpwnam(user)
    except KeyError:
        return None
    return [found.pw_uid, found.pw_gid]


def _number_on(kind: str, path: str) -> "int | None":
    """Find whose a directory is; what an app that was removed has left is root's."""
    if not os.path.isdir(path) or os.path.islink(path):
        return None
    return int(getattr(os.lstat(path), kind)) or None


def _name(lookup: Any, number: "int | None") -> "str | None":
    try:
        return None if number is None else str(lookup(number)[0])
    except KeyError:
        return None


def _is_closed(path: str) -> bool:
    return not os.path.exists(path) or not os.stat(path).st_mode & 0o077


def close(path: str) -> None:
    """Let nobody but root read a history: at the digests that it has, a guess at secrets could be tried."""
    if not _is_closed(path):
        files.set_mode(os.path.realpath(path), 0o600)


def main(argument: "list[dict[str, Any]]") -> None:
    """Make users, one that was deleted with the number that is on what it has, and their directories."""
    for app in argument:
        if not os.path.exists(app["sysusers"]):  # else the app is known, though its user may be gone
            build.refuse_others_directory(app)
        build.make_user(app)
        close(app["history"])

"""On the host: what is at some paths, and putting files there whole, units of systemd's among them."""

import base64
import grp
import hashlib
import pwd
from collections.abc import Collection
from pathlib import Path
from typing import Any

from deploys.onhost import files, removal, run


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Describe the files at `look`, or put those of `write` there and remove those at `remove`.

    Of the units that match `units`, tell whether systemd has yet to read one anew; with `reload`, let it.
    """
    for file in argument.get("write", ()):
        uid, gid = pwd.getpwnam(file["owner"]).pw_uid, grp.getgrnam(file["group"]).gr_gid
        files.write(file["path"], base64.b64decode(file["content"]), file["mode"], uid=uid, gid=gid)
    for path in argument.get("remove", ()):
        removal.remove(path)
    if argument.get("reload"):
        run.systemctl("daemon-reload")
    return {
        "files": look(argument.get("look", ()), argument.get("contents", ())),
        "unread": is_unread(argument.get("units", ())),
    }


def look(paths: Collection[str], contents: Collection[str] = ()) -> dict[str, Any]:
    """Describe the files at paths, with the contents of some."""
    return {path: _look(Path(path), contents) for path in paths}


def is_unread(units: Collection[str]) -> bool:
    """Say whether files of loaded units, or their drop-ins, came, went or changed since systemd read them."""
    show = ("show", "--property=NeedDaemonReload", "--", *units)
    return bool(units) and "=yes" in run.attempt(run.SYSTEMCTL, *show).stdout


def _look(path: Path, contents: Collection[str]) -> dict[str, Any] | None:
    if path.is_symlink() or not path.is_file():
        return None
    data = path.read_bytes()
    status = path.stat()
    return {
        "digest": hashlib.sha256(data).hexdigest(),
        "mode": status.st_mode & 0o7777,
        "owner": _name_of(pwd.getpwuid, status.st_uid),
        "group": _name_of(grp.getgrgid, status.st_gid),
        "content": data.decode(errors="replace") if str(path) in contents else None,
    }


def _name_of(lookup: Any, number: int) -> str:
    try:
        return str(lookup(number)[0])
    except KeyError:
        return str(number)

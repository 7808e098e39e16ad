"""On the host: what is at some paths, and putting files there whole, units of systemd's among them."""

import base64
import grp
import hashlib
import os
import pwd
import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Describe the files at `look`, or put those of `write` there and remove those at `remove`.

    Of the units that match `units`, tell whether systemd has yet to read one anew; with `reload`, let it.
    """
    for file in argument.get("write", ()):
        _write(file)
    for path in argument.get("remove", ()):
        Path(path).unlink(missing_ok=True)
    if argument.get("reload"):
        subprocess.run(["systemctl", "daemon-reload"], capture_output=True, check=True)
    return {
        "files": look(argument.get("look", ()), argument.get("contents", ())),
        "unread": is_unread(argument.get("units", ())),
    }


def look(paths: Collection[str], contents: Collection[str] = ()) -> dict[str, Any]:
    """Describe the files at paths, with the contents of some."""
    return {path: _look(Path(path), contents) for path in paths}


def is_unread(units: Collection[str]) -> bool:
    """Say whether files of loaded units, or their drop-ins, came, went or changed since systemd read them."""
    show = ["systemctl", "show", "--property=NeedDaemonReload", "--", *units]
    return bool(units) and "=yes" in subprocess.run(show, capture_output=True, text=True, check=False).stdout


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


def _write(file: dict[str, Any]) -> None:
    path = Path(file["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".gatehouse-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(base64.b64decode(file["content"]))
            os.fchown(stream.fileno(), pwd.getpwnam(file["owner"]).pw_uid, grp.getgrnam(file["group"]).gr_gid)
            os.fchmod(stream.fileno(), file["mode"])
            os.fsync(stream.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

"""On the host: an app's user, and a release built by it."""

import base64
import json
import os
import pwd
import sys
import time
from pathlib import Path
from typing import Any

from deploys.apps.onhost import builder, homes, lock, persist, seal, uv
from deploys.onhost import files, removal, run

_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def main(argument: dict[str, Any]) -> None:
    """Make the release, whole or not at all.

    Its own directory is root's from the start: the build may write to those in it that are named `writable`,
    and to no other place that outlives it.
    """
    with lock.turn(argument["lock"]) as is_connected:
        builder.stop(argument["unit"])
        refuse_others_directory(argument)
        gid = make_user(argument)
        for number in argument["unfinished"]:
            removal.remove(f"{argument['releases']}/{number}")
        release = Path(argument["releases"]) / str(argument["number"])
        archive, bundle = release / "source.tar.gz", release / "ca-bundle.pem"
        try:
            _lay_out(argument, release, gid)
            trusted = files.read(_CERTIFICATES) + argument["ca_bundle"].encode()
            files.write(bundle, trusted, 0o640, gid=gid)
            if argument["uv"]:
                uv.install(argument, bundle)
            files.write(archive, base64.b64decode(argument["archive"]), 0o600)
            builder.build(argument, str(archive), is_connected)
            removal.remove(archive)
            for directory in map(Path, argument["writable"]):
                seal.seal(directory, gid)
            uid = pwd.getpwnam(argument["user"]).pw_uid
            persist.settle(argument["code"], argument["persistent_places"], argument["persistent"], uid, gid)
            _mark_whole(argument, release, gid)
        except BaseException:
            removal.remove(release)
            raise


def refuse_others_directory(argument: dict[str, Any]) -> None:
    """Refuse to close a directory to those who use it, like a site's files in /srv/www, to an app `www`."""
    home, releases = Path(argument["home"]), Path(argument["releases"])
    if not home.is_dir() or files.is_empty(home) or _belongs_to(releases, argument["user"]):
        return
    found = home.stat()
    # What an app that was removed has left there is root's alone.
    if (found.st_uid, found.st_gid, found.st_mode & 0o007) != (0, 0, 0):
        sys.exit(
            f"{argument['app']}: nothing was changed, as {home} is there already and is not this app's;"
            " move it away, or give the app another name"
        )


def _belongs_to(directory: Path, group: str) -> bool:
    try:
        return directory.is_dir() and directory.group() == group
    except KeyError:
        return False


def make_user(argument: dict[str, Any]) -> int:
    """Make an app's user where it is missing, and the directory of its releases; give its group's number."""
    fragment = Path(argument["sysusers"])
    if not fragment.exists() or files.text(fragment) != argument["sysusers_content"]:
        files.write(fragment, argument["sysusers_content"])
    run.output("/usr/bin/systemd-sysusers", str(fragment), what="cannot make the user")
    homes.move(argument["user"], argument["nowhere"])
    gid = pwd.getpwnam(argument["user"]).pw_gid
    for path, mode in ((argument["home"], 0o751), (argument["releases"], 0o750)):
        files.make_directory(path, mode, uid=0, gid=gid)
    return gid


def _lay_out(argument: dict[str, Any], release: Path, gid: int) -> None:
    files.make_directory(release, 0o750, uid=0, gid=gid)
    uid = pwd.getpwnam(argument["user"]).pw_uid
    for path in argument["writable"]:
        files.make_directory(path, 0o750, uid=uid, gid=gid)
    for path in argument["wrapper"]["directories"]:
        files.make_directory(path, 0o750, uid=0, gid=gid)
    for path, content in argument["wrapper"]["files"].items():
        files.write(path, content, 0o640, gid=gid)


def _mark_whole(argument: dict[str, Any], release: Path, gid: int) -> None:
    """Give the release the file without which it does not count, when all else is on the disk."""
    os.sync()
    mark = json.dumps({**argument["mark"], "created": int(time.time())})
    files.write(release / "release.json", mark, 0o640, gid=gid)

"""On the host: an app's user, and a release built by it."""

import base64
import grp
import json
import os
import pwd
import re
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploys.apps.onhost import lock
from deploys.onhost import files, run, words

_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_KINDS = {stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}
_WHY_PIP_FAILS = re.compile(r" *(ERROR:|WARNING:|Could not fetch URL)|[\w.]+Error: ")
"""The lines that matter of what pip says; without -vv it does not tell that a login is refused."""


def main(argument: dict[str, Any]) -> None:
    """Make the release, whole or not at all."""
    with lock.turn(argument["lock"]) as is_connected:
        _stop_former_build(argument)
        refuse_others_directory(argument)
        make_user(argument)
        for number in argument["unfinished"]:
            files.remove(f"{argument['releases']}/{number}")
        release = Path(argument["releases"]) / str(argument["number"])
        try:
            _unpack(argument, release)
            for path, content in argument["wrapper"].items():
                Path(path).parent.mkdir()
                Path(path).write_text(content)
            bundle = release / "ca-bundle.pem"
            bundle.write_text(Path(_CERTIFICATES).read_text() + argument["ca_bundle"])
            with _private(f"{argument['lock']['path']}.netrc", argument["index_logins"]) as logins:
                _install_uv(argument, bundle, logins)
                _build(argument, release, bundle, logins, is_connected)
            _seal(release, argument["user"])
            _mark_whole(argument, release)
        except BaseException:
            files.remove(release)
            raise


def _stop_former_build(argument: dict[str, Any]) -> None:
    run.attempt(run.SYSTEMCTL, "stop", f"{argument['unit']}.service")


def refuse_others_directory(argument: dict[str, Any]) -> None:
    """Refuse to close a directory to those who use it, like a site's files in /srv/www, to an app `www`."""
    home, releases = Path(argument["home"]), Path(argument["releases"])
    if not home.is_dir() or not any(home.iterdir()) or _belongs_to(releases, argument["user"]):
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


def make_user(argument: dict[str, Any]) -> None:
    """Make an app's user where it is missing, and its directories."""
    user = argument["user"]
    fragment = Path(argument["sysusers"])
    if not fragment.exists() or fragment.read_text() != argument["sysusers_content"]:
        files.write(fragment, argument["sysusers_content"])
    run.output("/usr/bin/systemd-sysusers", str(fragment), what="cannot make the user")
    known = pwd.getpwnam(user)
    for path, owner, mode in (
        (argument["home"], 0, 0o751),
        (argument["releases"], 0, 0o750),
        (argument["cache"], known.pw_uid, 0o700),
    ):
        files.make_directory(path, mode, uid=owner, gid=known.pw_gid)


def _unpack(argument: dict[str, Any], release: Path) -> None:
    code = release / "code"
    for directory in (release, code):
        known = pwd.getpwnam(argument["user"])
        files.make_directory(directory, 0o750, uid=known.pw_uid, gid=known.pw_gid)
    # As the app's user: whatever the archive holds, it can only write where that user can.
    tar = ("/usr/bin/tar", "-xz", "--no-same-owner", "-C", str(code))
    command = ("/usr/sbin/runuser", "-u", argument["user"], "--", *tar)
    run.output(*command, stdin=base64.b64decode(argument["archive"]), what="cannot unpack")


def _install_uv(argument: dict[str, Any], bundle: Path, logins: Path) -> None:
    version = argument["uv"]
    home = Path(argument["uv_home"]) / version
    if _works(home / "bin/uv"):
        return
    making = Path(f"{home}.new")
    for path in (home, making):
        files.remove(path)
    files.make_directory(making.parent)
    venv = ("/usr/bin/python3", "-m", "venv", str(making))
    run.output(*venv, what="cannot make an environment for uv")
    pip = [str(making / "bin/python"), "-m", "pip", "-vv", "--disable-pip-version-check", "--no-input"]
    environment = {"PIP_CERT": str(bundle)}
    if argument["index_logins"]:
        environment["NETRC"] = str(logins)
    if "PIP_INDEX_URL" in argument["environment"]:
        environment["PIP_INDEX_URL"] = argument["environment"]["PIP_INDEX_URL"]
    done = run.attempt(*pip, "install", f"uv=={version}", environment=environment)
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()
        telling = [line for line in said if _WHY_PIP_FAILS.match(line)]
        quoted = words.quoted("\n".join(telling or said))
        sys.exit(f"cannot install uv:\n{quoted}")
    os.sync()
    making.rename(home)


def _works(program: Path) -> bool:
    """Say whether a program is there, and whole: a shell runs an empty one, and all seems well."""
    try:
        return run.attempt(str(program), "--version").returncode == 0
    except OSError:
        return False


def _build(
    argument: dict[str, Any], release: Path, bundle: Path, logins: Path, is_connected: Callable[[], bool]
) -> None:
    values = argument["environment"] | {"SSL_CERT_FILE": str(bundle), "PIP_CERT": str(bundle)}
    properties = [
        f"User={argument['user']}",
        f"WorkingDirectory={release / 'code'}",
        "NoNewPrivileges=yes",
        "RuntimeMaxSec=3600",
        "PrivateTmp=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        f"ReadWritePaths={release} {argument['cache']}",
        "UMask=0027",
    ]
    script = argument["script"]
    if argument["index_logins"]:
        # As a credential it is gone with the unit, and never in a release.
        properties.append(f"LoadCredential=netrc:{logins}")
        script = f'export NETRC="$CREDENTIALS_DIRECTORY/netrc"\n{script}'
    unit = [
        *("/usr/bin/systemd-run", "--quiet", "--wait", "--pipe", "--collect", f"--unit={argument['unit']}"),
        *(f"--property={entry}" for entry in properties),
    ]
    what = f"{argument['app']}: release {argument['number']} cannot be built"
    content = "".join(f'{name}="{value}"\n' for name, value in values.items())
    # systemd takes a program that it has stopped for one that succeeded.
    ended = release / "ended"
    script += f"\ntouch {ended}"
    with (
        _private(f"{argument['lock']['path']}.environment", content) as environment,
        tempfile.TemporaryFile() as output,
    ):
        command = [*unit, f"--property=EnvironmentFile={environment}", "/bin/sh", "-euc", script]
        code = run.awaited(*command, is_awaited=is_connected, said=output)
        _stop_former_build(argument)
        output.seek(0)
        if code:
            sys.exit(f"{what}:\n{words.quoted(output.read())}")
    if not ended.exists():
        sys.exit(f"{what}: it was stopped")
    ended.unlink()


@contextmanager
def _private(path: str, content: str) -> Iterator[Path]:
    """Write a file that root alone may read, for a while: command lines and properties anyone may read."""
    file = Path(path)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    try:
        file.write_text(content)
        yield file
    finally:
        file.unlink()


def _seal(release: Path, group: str) -> None:
    """Make the release root's, readable by the app and writable by nobody."""
    gid = grp.getgrnam(group).gr_gid
    with files.opened(release) as top:
        # Closed first: what the app's user left running must not swap files while root changes them.
        os.fchown(top, 0, gid)
        os.fchmod(top, 0o700)
        for directory, name, status, path in files.walk(top):
            if stat.S_IFMT(status.st_mode) not in _KINDS:
                sys.exit(
                    f"{path!r} is a pipe, a socket or a device: a release has files, directories and links"
                )
            mode = status.st_mode & 0o700
            files.own_at(directory, name, 0, gid, mode | (mode >> 3) & 0o050)
        os.fchmod(top, 0o750)


def _mark_whole(argument: dict[str, Any], release: Path) -> None:
    """Give the release the file without which it does not count, when that and all else is on the disk."""
    os.sync()
    mark = json.dumps({**argument["mark"], "created": int(time.time())})
    files.write(release / "release.json", mark, 0o640, gid=grp.getgrnam(argument["user"]).gr_gid)

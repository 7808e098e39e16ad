"""On the host: an app's user, and a release built by it."""

import base64
import grp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploys.apps.onhost import lock
from deploys.onhost import words

_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_WHY_PIP_FAILS = re.compile(r" *(ERROR:|WARNING:|Could not fetch URL)|[\w.]+Error: ")
"""The lines that matter of what pip says; without -vv it does not tell that a login is refused."""


def main(argument: dict[str, Any]) -> None:
    """Make the release, whole or not at all."""
    with lock.turn(argument["lock"]) as is_connected:
        _stop_former_build(argument)
        refuse_others_directory(argument)
        _make_user(argument)
        for number in argument["unfinished"]:
            shutil.rmtree(f"{argument['releases']}/{number}", ignore_errors=True)
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
            shutil.rmtree(release, ignore_errors=True)
            raise


def _stop_former_build(argument: dict[str, Any]) -> None:
    subprocess.run(["systemctl", "stop", f"{argument['unit']}.service"], capture_output=True, check=False)


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


def _make_user(argument: dict[str, Any]) -> None:
    user = argument["user"]
    fragment = Path(argument["sysusers"])
    if not fragment.exists() or fragment.read_text() != argument["sysusers_content"]:
        fragment.parent.mkdir(parents=True, exist_ok=True)
        fragment.write_text(argument["sysusers_content"])
    _run(["systemd-sysusers", str(fragment)], "cannot make the user")
    for path, owner, mode in (
        (argument["home"], "root", 0o751),
        (argument["releases"], "root", 0o750),
        (argument["cache"], user, 0o700),
    ):
        os.makedirs(path, exist_ok=True)
        shutil.chown(path, owner, user)
        os.chmod(path, mode)


def _unpack(argument: dict[str, Any], release: Path) -> None:
    code = release / "code"
    for directory in (release, code):
        directory.mkdir(mode=0o750)
        shutil.chown(directory, argument["user"], argument["user"])
    # As the app's user: whatever the archive holds, it can only write where that user can.
    tar = ["tar", "-xz", "--no-same-owner", "-C", str(code)]
    _run(
        ["runuser", "-u", argument["user"], "--", *tar],
        "cannot unpack",
        base64.b64decode(argument["archive"]),
    )


def _install_uv(argument: dict[str, Any], bundle: Path, logins: Path) -> None:
    version = argument["uv"]
    home = Path(argument["uv_home"]) / version
    if _works(home / "bin/uv"):
        return
    shutil.rmtree(home, ignore_errors=True)
    making = Path(f"{home}.new")
    shutil.rmtree(making, ignore_errors=True)
    making.parent.mkdir(parents=True, exist_ok=True)
    _run(["python3", "-m", "venv", str(making)], "cannot make an environment for uv")
    pip = [str(making / "bin/python"), "-m", "pip", "-vv", "--disable-pip-version-check", "--no-input"]
    environment = {"PIP_CERT": str(bundle)}
    if argument["index_logins"]:
        environment["NETRC"] = str(logins)
    if "PIP_INDEX_URL" in argument["environment"]:
        environment["PIP_INDEX_URL"] = argument["environment"]["PIP_INDEX_URL"]
    command = [*pip, "install", f"uv=={version}"]
    _run(command, "cannot install uv", environment=environment, telling=_WHY_PIP_FAILS)
    os.sync()
    making.rename(home)


def _works(program: Path) -> bool:
    """Say whether a program is there, and whole: a shell runs an empty one, and all seems well."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
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
        *("systemd-run", "--quiet", "--wait", "--pipe", "--collect", f"--unit={argument['unit']}"),
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
        command = [*unit, f"--property=EnvironmentFile={environment}", "sh", "-euc", script]
        build = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _await(build, argument["unit"], is_connected)
        output.seek(0)
        _check(build.returncode, output.read(), what)
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


def _await(build: subprocess.Popen[bytes], unit: str, is_connected: Callable[[], bool]) -> None:
    """Wait for a build, or stop it when nobody waits for its result any more."""
    while True:
        try:
            build.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if not is_connected():
                subprocess.run(["systemctl", "stop", f"{unit}.service"], capture_output=True, check=False)
        else:
            return


def _seal(release: Path, group: str) -> None:
    """Make the release root's, readable by the app and writable by nobody."""
    gid = grp.getgrnam(group).gr_gid
    # Closed first: what the app's user left running must not swap files while root changes them.
    os.chown(release, 0, gid)
    release.chmod(0o700)
    for folder, folders, files in os.walk(release):
        for path in (os.path.join(folder, name) for name in (*folders, *files)):
            os.chown(path, 0, gid, follow_symlinks=False)
            if not os.path.islink(path):
                mode = os.stat(path).st_mode & 0o700
                os.chmod(path, mode | (mode >> 3) & 0o050)
    release.chmod(0o750)


def _mark_whole(argument: dict[str, Any], release: Path) -> None:
    """Give the release the file without which it does not count, when that and all else is on the disk."""
    mark = release / "release.json.new"
    mark.write_text(json.dumps({**argument["mark"], "created": int(time.time())}))
    shutil.chown(mark, "root", argument["user"])
    mark.chmod(0o640)
    os.sync()
    mark.rename(release / "release.json")
    os.sync()


def _run(
    command: list[str],
    what: str,
    stdin: bytes = b"",
    environment: dict[str, str] | None = None,
    telling: re.Pattern[str] = re.compile(""),
) -> None:
    done = subprocess.run(
        command,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | (environment or {}),
        check=False,
    )
    _check(done.returncode, done.stdout, what, telling)


def _check(code: int, output: bytes, what: str, telling: re.Pattern[str] = re.compile("")) -> None:
    if code:
        said = output.decode(errors="backslashreplace").split("\n")
        told = [line for line in said if telling.match(line)] or said
        quoted = words.quoted("\n".join(told))
        sys.exit(f"{what}:\n{quoted}")

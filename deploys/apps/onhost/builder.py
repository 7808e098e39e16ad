"""On the host: the unit in which a build runs what strangers have written."""

import pwd
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploys.apps.onhost import ending
from deploys.onhost import files, journal, removal, run

_POLL = 0.3

_LOGINS = ("NETRC", "REGISTRY_AUTH_FILE")
"""By which pip and uv, and podman, find them; each build has those of one kind."""

_UNPACK = """
/usr/bin/tar -xz --no-same-owner
exec < /dev/null
mkdir -p "$HOME"
"""


def stop(unit: str) -> None:
    """End a build, with all that it has left running, and see that it has ended."""
    run.attempt(run.SYSTEMCTL, "stop", unit)
    run.attempt(run.SYSTEMCTL, "reset-failed", unit)
    state = run.properties(unit, "ActiveState").get("ActiveState")
    if state not in {"inactive", "failed"}:
        sys.exit(f"{unit} does not end: it is {state}; look at it with: systemctl status {unit}")


def build(argument: "dict[str, Any]", archive: str, is_connected: "Callable[[], bool]") -> None:
    """Unpack the source and build it, or end with the build's own last words.

    Args:
        argument: `unit`; `app` and `number`; `user`; `script`; `environment`; `properties` of the unit,
            pairs of name and value; `writable` directories; `work`, the one to work in; `index_logins`;
            `lock`.
        archive: the file of the source, which is the script's standard input; it itself lies beside it.
        is_connected: says whether anybody still waits for the build.

    """
    unit, what = argument["unit"], f"{argument['app']}: release {argument['number']} cannot be built"
    properties = [
        ("User", argument["user"]),
        ("WorkingDirectory", argument["work"]),
        ("StandardInput", f"file:{archive}"),
        *argument["properties"],
        *(("ReadWritePaths", path) for path in argument["writable"]),
    ]
    script = _UNPACK + argument["script"]
    gid = pwd.getpwnam(argument["user"]).pw_gid
    beside, began = argument["lock"]["path"], time.time()
    with (
        _private(f"{beside}.environment", _assignments(argument["environment"])) as environment,
        _private(f"{beside}.netrc", argument["index_logins"]) as logins,
    ):
        properties.append(("EnvironmentFile", environment))
        if argument["index_logins"]:
            # As a credential it is gone with the unit, and never in a release.
            properties.append(("LoadCredential", f"logins:{logins}"))
            variables = " ".join(f'{name}="$CREDENTIALS_DIRECTORY/logins"' for name in _LOGINS)
            script = f"export {variables}\n{script}"
        place = str(Path(archive).with_name("build.sh"))
        # As a word of a command's, it may be no longer than 128 KB, which the hashes of a lock soon are.
        files.write(place, script, 0o640, gid=gid)
        try:
            _start(unit, f"{argument['app']}: build of release {argument['number']}", properties, place)
            end = _await(unit, is_connected)
        finally:
            # What the build has left running must not change any more what root then looks at.
            stop(unit)
            removal.remove(place)
    if end == ending.STOPPED:
        sys.exit(f"{what}: {end.words}")
    if end.words:
        sys.exit(ending.told(what, end, journal.last(unit, ending.LAST, since=began)))


def _start(unit: str, description: str, properties: "Iterable[tuple[str, str]]", script: str) -> None:
    run.output(
        *("/usr/bin/systemd-run", "--quiet", f"--unit={unit}", "--service-type=exec", "--remain-after-exit"),
        f"--description={description}",
        *(f"--property={name}={value}" for name, value in properties),
        *("/bin/sh", "-eu", script),
        what=f"{unit} cannot be started",
    )


def _await(unit: str, is_connected: "Callable[[], bool]") -> ending.Ending:
    """Wait for the script's end, or until nobody waits for it any more."""
    while is_connected():
        if end := ending.of(run.properties(unit, *ending.PROPERTIES)):
            return end
        time.sleep(_POLL)
    return ending.STOPPED


def _assignments(environment: "Mapping[str, str]") -> str:
    """Write an EnvironmentFile= (systemd.exec(5)), in which no value ends before its end."""
    escaped = {
        name: "".join(f"\\{character}" if character in '\\"`$' else character for character in value)
        for name, value in environment.items()
    }
    return "".join(f'{name}="{value}"\n' for name, value in escaped.items())


@contextmanager
def _private(path: str, content: str) -> Iterator[str]:
    """Write a file that root alone may read, for a while: command lines and properties anyone may read."""
    files.write(path, content, 0o600)
    try:
        yield path
    finally:
        removal.remove(path)

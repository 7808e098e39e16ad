"""On the host: traffic moved to a slot, the other slot drained, and old releases removed."""

import json
import os
import time
from pathlib import Path
from typing import Any

from deploys.apps.onhost import lock, names, probe, publish, stamps
from deploys.onhost import files, obey, removal, room, run, sockets


def main(argument: dict[str, Any]) -> None:
    """Do one step, as `step` names it."""
    with lock.turn(argument["lock"]):
        match argument["step"]:
            case "switch":
                _switch(argument)
            case "drain":
                _drain(argument)
            case "prune":
                _prune(argument)


def _switch(argument: dict[str, Any]) -> None:
    published, release = Path(argument["published"]), Path(argument["release"])
    # Else the traffic could move, and nobody would remember.
    room.need(release.parent, Path(argument["history"]).parent, probe.UNITS)
    publish.publish(published, release, argument["folders"])
    publish.publish_persistent(published, release, argument["persistent"], argument["reader"])
    _stop_times(argument)
    if argument["due"]:
        due = Path(argument["due"])
        due.parent.mkdir(parents=True, exist_ok=True)
        due.touch()
        _sync(due.parent)
    # Both are enabled for a moment: a machine that loses power here comes back with the live one running.
    _systemctl("enable", *argument["units"], reload=False)
    mark, current = Path(argument["b_is_live"]), Path(argument["current"])
    mark.parent.mkdir(parents=True, exist_ok=True)
    new = Path(f"{current}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(release)
    new.rename(current)
    # The proxy serves a release's files by the one and leads requests by the other.
    publish.point(published, release)
    if argument["turn"]["slot"] == "b":
        mark.touch()
    else:
        mark.unlink(missing_ok=True)
    _remember(argument)
    _sync(mark.parent)
    _sync(current.parent)
    obey.main(argument["obey"])
    _systemctl("disable", *argument["other_enabled"], reload=False)
    run.systemctl("daemon-reload")  # once for both of them, as it reads all units
    _systemctl("start", *(unit for unit in argument["units"] if unit.endswith(".timer")))


def _stop_times(argument: dict[str, Any]) -> None:
    """Stop the timers of the other slot, and have those of this one go on from there."""
    mine, others = argument["unit"], argument["other_unit"]
    slot = "a" if argument["turn"]["slot"] == "b" else "b"
    other = probe.units().get(names.Owner(argument["app"], slot), [])
    former = [path.name for path in other if path.suffix == ".timer"]
    _systemctl("stop", *filter(_is_active, former))
    timers = [unit for unit in argument["units"] if unit.endswith(".timer")]
    # What is active has gone on already, in a run that was cut off later.
    due = [unit for unit in timers if not _is_active(unit)]
    stamps.carry({unit: others + unit.removeprefix(mine) for unit in due}, probe.UNITS)


def _is_active(unit: str) -> bool:
    return run.attempt(run.SYSTEMCTL, "--quiet", "is-active", unit).returncode == 0


def _remember(argument: dict[str, Any]) -> None:
    """Write down that the release has had the traffic, unless that is the last thing written."""
    served, path = Path(argument["served"]), Path(argument["history"])
    path.parent.mkdir(parents=True, exist_ok=True)
    last = probe.history(str(path))[-1:]
    turn = argument["turn"]
    is_new = not last or (last[0]["release"], last[0]["slot"]) != (turn["release"], turn["slot"])
    if is_new or not served.exists():
        lines = files.text(path).splitlines() if path.exists() else []
        lines.append(json.dumps(turn | {"at": int(time.time())}))
        # At the digests that it has, a guess at secrets could be tried.
        files.write(path, "".join(f"{line}\n" for line in lines), 0o600)
    served.touch()
    _sync(path.parent)


def _drain(argument: dict[str, Any]) -> None:
    obey.main(argument["obey"])
    # Asked of the unit, whose port may be another than that of the settings.
    sockets.drain(sockets.ports(argument["service"]), argument["grace"])
    _systemctl("stop", *argument["running"])


def _prune(argument: dict[str, Any]) -> None:
    for number in argument["numbers"]:
        publish.forget(Path(argument["published"]), number)
        # What is half removed must not count as whole.
        removal.remove(f"{argument['releases']}/{number}/release.json")
        removal.remove(f"{argument['releases']}/{number}")


def _systemctl(verb: str, *units: str, reload: bool = True) -> None:
    if units:
        run.systemctl(verb, *(() if reload else ("--no-reload",)), *units)


def _sync(directory: Path) -> None:
    with files.opened(directory) as descriptor:
        os.fsync(descriptor)

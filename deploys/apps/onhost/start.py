"""On the host: a release put into a slot that has no traffic, and started until it is healthy."""

import base64
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploys.apps.onhost import cause, health, lock, names, probe, unwritable
from deploys.onhost import files, holders, journal, obey, run, sockets, words

_MOST_LINES, _LAST_LINES = 200, 20
"""Lines of a release that are read for the cause of its end, and that are told."""
_POLL = 0.5
"""Seconds between two looks at a job."""


def main(argument: dict[str, Any]) -> None:
    """Do one step, as `step` names it; what goes wrong is told with the release's own last words."""
    with lock.turn(argument["lock"]) as is_connected:
        began = time.time()
        # What a run that was cut off has moved may have left here what a proxy still leads to.
        obey.main(argument.get("obey", ()))
        match argument["step"]:
            case "before":
                _install(argument)
                _run_hook(argument, began, is_connected)
            case "start":
                _install(argument)
                _start(argument, began)
            case "return":
                _stop(argument)
                _start(argument, began)
            case "resume":
                _start(argument, began)
            case "try":
                _try(argument)
            case "after":
                _run_hook(argument, began, is_connected)
                Path(argument["due"]).unlink(missing_ok=True)


def _install(argument: dict[str, Any]) -> None:
    """Make the slot's files the ones given; it is stopped, so none of them is in use."""
    _await_jobs(argument)
    _stop(argument)
    # As of a move to another port that was cut off.
    _disable(argument)
    for mark in (argument["served"], argument["due"], argument["tried"]["path"]):
        Path(mark).unlink(missing_ok=True)
    wanted = {file["path"] for file in argument["files"]}
    gone = [path for path in _units(argument) if str(path) not in wanted]
    for path in (*gone, *Path(argument["secrets"]).glob("*")):
        if str(path) not in wanted:
            path.unlink()
    secrets = Path(argument["secrets"])
    for folder in (secrets.parent.parent, secrets.parent, secrets):
        files.make_directory(folder, 0o700)
    for file in argument["files"]:
        files.write(file["path"], base64.b64decode(file["content"]), file["mode"])
    _systemctl("daemon-reload")
    if gone:  # systemd would go on telling of those that have failed
        run.attempt(run.SYSTEMCTL, "--quiet", "reset-failed", *(path.name for path in gone))
    paths = {Path(path).name: path for path in wanted if path.startswith("/etc/systemd/")}
    for unit, found in run.properties_of(sorted(paths), "LoadState").items():
        if found["LoadState"] != "loaded":
            verified = run.attempt("/usr/bin/systemd-analyze", "verify", paths[unit])
            _refuse(argument, words.said(f"{unit} is refused by systemd", verified.stderr))


def _start(argument: dict[str, Any], began: float) -> None:
    if run.properties(argument["service"], "ActiveState")["ActiveState"] != "active":
        taken = sockets.strangers(argument["port"])
        if taken:
            _refuse(argument, f"port {argument['port']} is taken by {holders.told(holders.holder(taken[0]))}")
    lasting = argument["units"]
    _systemctl("reset-failed", *lasting)
    timers = [unit for unit in lasting if unit.endswith(".timer")]
    _systemctl("start", "--no-block", *(unit for unit in lasting if unit not in timers))
    problem, unit = health.wait(argument)
    if problem:
        written = _written(unit, began)
        if argument["step"] != "resume":
            _stop(argument)
        why = "; ".join(filter(None, [cause.cause(written), problem, _remedy(argument, written)]))
        _refuse(argument, f"{why}; last lines of {unit}:", _quoted(written))
    # Only the slot that has the traffic already: the switch starts those of another one.
    if timers and argument.get("timers") and _systemctl("start", *timers):
        _refuse(argument, f"systemd cannot start {', '.join(timers)}")
    if argument.get("enable"):
        # The proxy leads here before the switch: a boot between the two must bring both.
        _systemctl("enable", *(unit for unit in lasting if unit not in timers))
        os.sync()
    _remember(argument)


def _try(argument: dict[str, Any]) -> None:
    """Ask what runs for another health path than it was started by, and leave it as it is."""
    problem = health.ask(argument)
    if problem:
        _refuse(argument, f"{problem}; it goes on as it is: correct health, or the app")
    _remember(argument)


def _remember(argument: dict[str, Any]) -> None:
    """Write down which health path it has answered."""
    tried = Path(argument["tried"]["path"])
    tried.parent.mkdir(parents=True, exist_ok=True)
    files.write(tried, argument["tried"]["content"], 0o600)


def _run_hook(argument: dict[str, Any], began: float, is_connected: Callable[[], bool]) -> None:
    """Run a hook's commands to their end, which comes in time, and which nobody's leaving cuts short."""
    unit = argument["hook"]
    failed = run.awaited(run.SYSTEMCTL, "start", unit, is_awaited=is_connected)
    if failed is None:
        _refuse(argument, f"{unit} is still at work, and nobody waits for it any more")
    if failed:
        written = _written(unit, began)
        said = [cause.cause(written), f"{unit} failed", _remedy(argument, written)]
        if run.properties(unit, "Result")["Result"] == "timeout":
            said = [f"{unit} took too long: if its commands may, set hooks to a longer timeout"]
        why = "; ".join(filter(None, said))
        _refuse(argument, f"{why}; its last lines:", _quoted(written))


def _await_jobs(argument: dict[str, Any]) -> None:
    """Give the jobs and hooks that an earlier release has at work some time, and never end them halfway."""
    deadline = time.monotonic() + argument["grace"]
    one_shots = [unit for unit in _names(argument) if probe.ONE_SHOT.search(unit)]
    while busy := list(filter(_is_busy, one_shots)):
        if time.monotonic() > deadline:
            remedy = f"try again when it has ended, or end it: systemctl stop {busy[0]}"
            _refuse(argument, f"{busy[0]} is still at work in its slot; {remedy}")
        time.sleep(_POLL)


def _is_busy(unit: str) -> bool:
    return run.properties(unit, "ActiveState")["ActiveState"] not in {"inactive", "failed"}


def _stop(argument: dict[str, Any]) -> None:
    units = [unit for unit in _names(argument) if not probe.ONE_SHOT.search(unit)]
    if units:
        _systemctl("stop", *units)


def _disable(argument: dict[str, Any]) -> None:
    wants = Path("/etc/systemd/system/multi-user.target.wants")
    enabled = [name for name in _names(argument) if (wants / name).is_symlink()]
    if enabled:
        _systemctl("disable", "--no-reload", *enabled)


def _names(argument: dict[str, Any]) -> list[str]:
    return [path.name for path in _units(argument)]


def _units(argument: dict[str, Any]) -> list[Path]:
    return probe.units().get(names.Owner(argument["app"], argument["slot"]), [])


def _refuse(argument: dict[str, Any], problem: str, last_words: str = "") -> None:
    sys.exit(f"{argument['what']}: {problem}" + (f"\n{last_words}" if last_words else ""))


def _remedy(argument: dict[str, Any], written: list[str]) -> str:
    return cause.remedy(written, unwritable.Code(**argument["code"]))


def _systemctl(*arguments: str) -> int:
    return run.attempt(run.SYSTEMCTL, *arguments).returncode


def _quoted(written: list[str]) -> str:
    return words.quoted("\n".join(cause.without_others(written)), last=_LAST_LINES)


def _written(unit: str, since: float) -> list[str]:
    return words.lines(journal.last(unit, _MOST_LINES, since=since), last=_MOST_LINES)

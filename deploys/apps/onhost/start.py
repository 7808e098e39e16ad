"""On the host: a release put into a slot that has no traffic, and started until it is healthy."""

import base64
import http.client
import math
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploys.apps.onhost import cause, lock, probe, sockets
from deploys.onhost import bounded, files, journal, obey, run, words

_MOST_LINES, _LAST_LINES = 200, 20
"""Lines of a release that are read for the cause of its end, and that are told."""
_PATIENCE = 5
"""Seconds for an answer."""
_LEAST = 5
"""Seconds that an answer gets, however little time is left."""
_POLL, _PATIENT_POLL = 0.1, 0.5
"""Seconds between two looks: while nothing listens yet, and once there are answers."""


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
            case "after":
                _run_hook(argument, began, is_connected)
                Path(argument["due"]).unlink(missing_ok=True)


def _install(argument: dict[str, Any]) -> None:
    """Make the slot's files the ones given; it is stopped, so none of them is in use."""
    _await_jobs(argument)
    _stop(argument)
    # As of a move to another port that was cut off.
    _disable(argument)
    for mark in (argument["served"], argument["due"]):
        Path(mark).unlink(missing_ok=True)
    wanted = {file["path"] for file in argument["files"]}
    for path in (*_units(argument), *Path(argument["secrets"]).glob("*")):
        if str(path) not in wanted:
            path.unlink()
    secrets = Path(argument["secrets"])
    for folder in (secrets.parent.parent, secrets.parent, secrets):
        files.make_directory(folder, 0o700)
    for file in argument["files"]:
        files.write(file["path"], base64.b64decode(file["content"]), file["mode"])
    _systemctl("daemon-reload")
    for file in argument["files"]:
        unit = Path(file["path"]).name
        is_unit = file["path"].startswith("/etc/systemd/")
        if is_unit and run.properties(unit, "LoadState")["LoadState"] != "loaded":
            verified = run.attempt("/usr/bin/systemd-analyze", "verify", file["path"])
            _refuse(argument, words.said(f"{unit} is refused by systemd", verified.stderr))


def _start(argument: dict[str, Any], began: float) -> None:
    if run.properties(argument["service"], "ActiveState")["ActiveState"] != "active":
        taken = sockets.strangers(argument["port"])
        if taken:
            _refuse(argument, f"port {argument['port']} is taken by {sockets.owner(taken[0])}")
    lasting = argument["units"]
    _systemctl("reset-failed", *lasting)
    timers = [unit for unit in lasting if unit.endswith(".timer")]
    _systemctl("start", "--no-block", *(unit for unit in lasting if unit not in timers))
    problem, unit = _wait(argument)
    if problem:
        written = _written(unit, began)
        if argument["step"] != "resume":
            _stop(argument)
        why = "; ".join(filter(None, [cause.cause(written), problem, cause.remedy(written)]))
        _refuse(argument, f"{why}; last lines of {unit}:", _quoted(written))
    # Only the slot that has the traffic already: the switch starts those of another one.
    if timers and argument.get("timers") and _systemctl("start", *timers):
        _refuse(argument, f"systemd cannot start {', '.join(timers)}")
    if argument.get("enable"):
        # The proxy leads here before the switch: a boot between the two must bring both.
        _systemctl("enable", *(unit for unit in lasting if unit not in timers))
        os.sync()


def _run_hook(argument: dict[str, Any], began: float, is_connected: Callable[[], bool]) -> None:
    """Run a hook's commands to their end, which nobody's leaving cuts short."""
    unit = argument["hook"]
    failed = run.awaited(run.SYSTEMCTL, "start", unit, is_awaited=is_connected)
    if failed is None:
        _refuse(argument, f"{unit} is still at work, and nobody waits for it any more")
    if failed:
        written = _written(unit, began)
        why = "; ".join(filter(None, [cause.cause(written), f"{unit} failed", cause.remedy(written)]))
        _refuse(argument, f"{why}; its last lines:", _quoted(written))


def _await_jobs(argument: dict[str, Any]) -> None:
    """Give the jobs and hooks that an earlier release has at work some time, and never end them halfway."""
    deadline = time.monotonic() + argument["grace"]
    one_shots = [unit for unit in _names(argument) if probe.ONE_SHOT.search(unit)]
    while busy := list(filter(_is_busy, one_shots)):
        if time.monotonic() > deadline:
            remedy = f"try again when it has ended, or end it: systemctl stop {busy[0]}"
            _refuse(argument, f"{busy[0]} is still at work in its slot; {remedy}")
        time.sleep(_PATIENT_POLL)


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
        _systemctl("disable", *enabled)


def _names(argument: dict[str, Any]) -> list[str]:
    return [path.name for path in _units(argument)]


def _units(argument: dict[str, Any]) -> list[Path]:
    return [path for path in Path("/etc/systemd/system").glob(f"{argument['prefix']}.*") if path.is_file()]


def _refuse(argument: dict[str, Any], problem: str, last_words: str = "") -> None:
    sys.exit(f"{argument['what']}: {problem}" + (f"\n{last_words}" if last_words else ""))


def _systemctl(*arguments: str) -> int:
    return run.attempt(run.SYSTEMCTL, *arguments).returncode


def _wait(argument: dict[str, Any]) -> tuple[str | None, str]:
    """Wait until all has been well for a while; say what is wrong, and with which unit, when it never is."""
    health, service, port = argument["health"], argument["service"], argument["port"]
    deadline = time.monotonic() + health["timeout"]
    well_since = None
    serving: set[int] = set()
    while True:
        for unit in argument["units"]:
            stopped = _stopped(unit)
            if stopped:
                return stopped, unit
        answer, is_well = _ask(argument, deadline if well_since is None else math.inf)
        former, serving = serving, sockets.servers(port, service)
        if is_well and not serving:
            if sockets.strangers(port, service):
                return f"it is not what answers at port {port}", service
            answer, is_well = "it has stopped after its answer", False
        if former - serving:
            # Where a server starts workers again by itself, requests just wait for the next one.
            answer, is_well = "a process that served has stopped", False
        if not is_well:
            well_since = None
        elif well_since is None:
            well_since = time.monotonic()
        elif time.monotonic() - well_since >= health["settle"]:
            return None, service
        if well_since is None and time.monotonic() > deadline:
            return f"not healthy within {health['timeout']} s: GET {health['path']}: {answer}", service
        time.sleep(_PATIENT_POLL if answer.startswith("status") else _POLL)


def _stopped(unit: str) -> str | None:
    if unit.endswith(".timer"):
        return None
    state = run.properties(unit, "ActiveState", "SubState", "NRestarts", "ExecMainStatus", "Result")
    if state["ActiveState"] == "failed" or state["SubState"] == "auto-restart" or state["NRestarts"] != "0":
        return f"it stopped by itself ({state['Result']}, status {state['ExecMainStatus']})"
    return None


def _ask(argument: dict[str, Any], deadline: float) -> tuple[str, bool]:
    """Ask for an answer, which may take as long as there is time and nothing has stopped."""
    health = argument["health"]
    deadline = min(max(deadline, time.monotonic() + _LEAST), time.monotonic() + health["timeout"])
    connection = http.client.HTTPConnection("127.0.0.1", argument["port"], timeout=_PATIENCE)
    # As the proxy asks, so that neither a redirect to HTTPS nor a check of the host stands in the way.
    headers = {"Host": health["host"], "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    try:
        connection.request("GET", health["path"], headers=headers)
        while not select.select([connection.sock], [], [], _PATIENT_POLL)[0]:
            if time.monotonic() > deadline or any(map(_stopped, argument["units"])):
                return "no answer", False
        status = bounded.answer(connection, _PATIENCE).status
    except OSError as error:
        return str(error) or type(error).__name__, False
    except http.client.HTTPException as error:  # its own words may be the app's
        return f"no HTTP ({type(error).__name__})", False
    finally:
        connection.close()
    is_well = status == health["status"] if health["status"] else 200 <= status < 400
    return f"status {status}", is_well


def _quoted(written: list[str]) -> str:
    return words.quoted("\n".join(cause.without_others(written)), last=_LAST_LINES)


def _written(unit: str, since: float) -> list[str]:
    return words.lines(journal.last(unit, _MOST_LINES, since=since), last=_MOST_LINES)

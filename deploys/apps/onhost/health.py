"""On the host: whether a release answers its health path, and goes on doing so."""

import http.client
import math
import select
import time
from collections.abc import Callable
from typing import Any

from deploys.onhost import bounded, run, sockets

_PATIENCE = 5
"""Seconds for an answer."""
_LEAST = 5
"""Seconds that an answer gets, however little time is left."""
_POLL, _PATIENT_POLL = 0.1, 0.5
"""Seconds between two looks: while nothing listens yet, and once there are answers."""


def wait(argument: dict[str, Any]) -> tuple[str | None, str]:
    """Wait until all has been well for a while; say what is wrong, and with which unit, when it never is."""
    health, service, port = argument["health"], argument["service"], argument["port"]
    deadline = time.monotonic() + health["timeout"]
    well_since = None
    serving: set[int] = set()

    def has_stopped() -> bool:
        return any(map(_stopped, argument["units"]))

    while True:
        for unit in argument["units"]:
            stopped = _stopped(unit)
            if stopped:
                return stopped, unit
        answer, is_well = _ask(argument, deadline if well_since is None else math.inf, has_stopped)
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
            said = [_unwell(health, answer), _elsewhere(argument, answer), remedy(health, answer)]
            return "; ".join(filter(None, said)), service
        time.sleep(_PATIENT_POLL if answer.startswith("status") else _POLL)


def ask(argument: dict[str, Any]) -> str | None:
    """Ask what has the traffic until it answers well once; say what is wrong when it never does."""
    deadline = time.monotonic() + argument["health"]["timeout"]
    while True:
        answer, is_well = _ask(argument, deadline, lambda: False)
        if is_well:
            return None
        if time.monotonic() > deadline:
            return _unwell(argument["health"], answer)
        time.sleep(_PATIENT_POLL)


def _unwell(health: dict[str, Any], answer: str) -> str:
    return f"not healthy within {health['timeout']} s: GET {health['path']}: {answer}"


def _elsewhere(argument: dict[str, Any], answer: str) -> str:
    """Say where it listens besides its own port, as an app does that runs a server as it is imported."""
    found = sockets.ports(argument["service"]) if answer == "no answer" else []
    others = ", ".join(str(port) for port in found if port != argument["port"])
    guard = 'if __name__ == "__main__":'
    return others and f"it listens at {others} itself: if that is the app, have it do so below {guard!r}"


def remedy(health: dict[str, Any], answer: str) -> str:
    """Say what to set where the answer may be right as it is.

    Args:
        health: `host`, the one that was asked for.
        answer: what came of it.

    """
    _, _, status = answer.partition("status ")
    if status in {"404", "405"}:
        return "set health to a path that it answers"
    if status == "400":
        return f"if it checks its hosts, as Django does by ALLOWED_HOSTS, add {health['host']}"
    if status in {"401", "403"}:
        return f"if that is right, set health to a status of {status}"
    return "if its start takes longer, set health to a longer timeout" if answer == "no answer" else ""


def _stopped(unit: str) -> str | None:
    if unit.endswith(".timer"):
        return None
    state = run.properties(unit, "ActiveState", "SubState", "NRestarts", "ExecMainStatus", "Result")
    if state["ActiveState"] == "failed" or state["SubState"] == "auto-restart" or state["NRestarts"] != "0":
        return f"it stopped by itself ({state['Result']}, status {state['ExecMainStatus']})"
    return None


def _ask(argument: dict[str, Any], deadline: float, has_stopped: Callable[[], bool]) -> tuple[str, bool]:
    """Ask for an answer, which may take as long as there is time and nothing has stopped."""
    health = argument["health"]
    deadline = min(max(deadline, time.monotonic() + _LEAST), time.monotonic() + health["timeout"])
    connection = http.client.HTTPConnection("127.0.0.1", argument["port"], timeout=_PATIENCE)
    # As the proxy asks, so that neither a redirect to HTTPS nor a check of the host stands in the way.
    headers = {"Host": health["host"], "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    try:
        connection.request("GET", health["path"], headers=headers)
        while not select.select([connection.sock], [], [], _PATIENT_POLL)[0]:
            if time.monotonic() > deadline or has_stopped():
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

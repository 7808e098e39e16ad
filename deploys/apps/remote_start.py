"""On the host: a release started in a slot that has no traffic, until it is healthy."""

import base64
import http.client
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploys.apps import remote_lock, remote_sockets

_LAST_LINES = 20
_POLL = 0.1


def main(argument: dict[str, Any]) -> str:
    """Start the slot; one that does not become healthy is stopped again, and its last words are told."""
    with remote_lock.turn(argument["lock"]):
        unit = f"{argument['unit']}.service"
        _systemctl("stop", unit)
        taken = remote_sockets.listener(argument["port"])
        if taken is not None:
            sys.exit(f"{argument['what']}: port {argument['port']} is taken by {remote_sockets.owner(taken)}")
        for file in argument["files"]:
            _write(file)
        subprocess.run(["systemctl", "daemon-reload"], check=True)
        began = time.time()
        _systemctl("reset-failed", unit)
        _systemctl("start", "--no-block", unit)
        problem = _wait(argument, unit)
        if problem:
            _systemctl("stop", unit)
            sys.exit("\n".join([f"{argument['what']} {problem}; its last lines:", *_last_lines(unit, began)]))
        return f"healthy after {time.time() - began:.1f} s"


def _systemctl(*arguments: str) -> None:
    subprocess.run(["systemctl", *arguments], capture_output=True, check=False)


def _write(file: dict[str, Any]) -> None:
    path = Path(file["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, file["mode"]), "wb") as stream:
        stream.write(base64.b64decode(file["content"]))
        os.fchmod(stream.fileno(), file["mode"])
        os.fsync(stream.fileno())
    temporary.rename(path)


def _wait(argument: dict[str, Any], unit: str) -> str | None:
    """Wait until the app has been healthy for a while; say what is wrong when it never is."""
    health = argument["health"]
    deadline = time.monotonic() + health["timeout"]
    healthy_since, answer = None, "nothing listened"
    while True:
        stopped = _stopped(unit)
        if stopped:
            return stopped
        answer, is_healthy = _ask(argument)
        if is_healthy and not remote_sockets.belongs_to(argument["port"], unit):
            return f"is not what answers at port {argument['port']}"
        if not is_healthy:
            healthy_since = None
        elif healthy_since is None:
            healthy_since = time.monotonic()
        elif time.monotonic() - healthy_since >= health["settle"]:
            return None
        if healthy_since is None and time.monotonic() > deadline:
            return f"was not healthy within {health['timeout']} s: GET {health['path']}: {answer}"
        time.sleep(_POLL)


def _stopped(unit: str) -> str | None:
    properties = "ActiveState,SubState,NRestarts,ExecMainStatus,Result"
    shown = subprocess.run(
        ["systemctl", "show", f"--property={properties}", unit], capture_output=True, text=True, check=True
    ).stdout
    state = dict(line.split("=", 1) for line in shown.splitlines())
    if state["ActiveState"] == "failed" or state["SubState"] == "auto-restart" or state["NRestarts"] != "0":
        return f"stopped by itself ({state['Result']}, status {state['ExecMainStatus']})"
    return None


def _ask(argument: dict[str, Any]) -> tuple[str, bool]:
    health = argument["health"]
    connection = http.client.HTTPConnection("127.0.0.1", argument["port"], timeout=5)
    # As the proxy asks, so that neither a redirect to HTTPS nor a check of the host stands in the way.
    headers = {"Host": health["host"], "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    try:
        connection.request("GET", health["path"], headers=headers)
        status = connection.getresponse().status
    except (TimeoutError, OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__, False
    finally:
        connection.close()
    is_healthy = status == health["status"] if health["status"] else 200 <= status < 400
    return f"status {status}", is_healthy


def _last_lines(unit: str, since: float) -> list[str]:
    # journald may still be reading what the process wrote last.
    subprocess.run(["journalctl", "--sync"], capture_output=True, check=False)
    journal = ["journalctl", "--quiet", f"--since=@{since - 1:.0f}", "-o", "cat", "_SYSTEMD_UNIT=" + unit]
    shown = subprocess.run(journal, capture_output=True, text=True, check=False).stdout
    # Not by -n: together with --since, systemd 252 counts it from the start.
    last = shown.splitlines()[-_LAST_LINES:]
    return [f"    {line}" for line in last] or ["    (it wrote nothing)"]

"""On the host: ports that systemd holds for an app, and gives up."""

import os
import sys
from pathlib import Path
from typing import Any

from deploys.apps.onhost import lock
from deploys.onhost import files, holders, journal, run, sockets, words


def main(argument: dict[str, Any]) -> None:
    """Hold the ports or give them up, as `step` says."""
    with lock.turn(argument["lock"]):
        match argument["step"]:
            case "hold":
                _hold(argument)
            case "let go":
                _let_go(argument["ports"])


def _hold(argument: dict[str, Any]) -> None:
    for port in argument["ports"]:
        _refuse_taken(argument, port)
    for port in argument["ports"]:
        for path, content in port["files"].items():
            files.write(path, content)
    _systemctl("enable", "--no-reload", *(port["socket"] for port in argument["ports"]))
    _systemctl("daemon-reload")
    for port in argument["ports"]:
        # A server of the app's that has opened its port itself goes on: its slot's next start has it held.
        if set(sockets.listeners(port["port"])) <= {*sockets.held(port["port"])}:
            _start(argument, port)
    os.sync()


def _start(argument: dict[str, Any], port: dict[str, Any]) -> None:
    if sockets.held(port["port"]) and _systemctl("is-active", port["socket"]):
        return
    # It may be active at another port, where somebody has changed its file; what needs it stops with it, and
    # it does not start while its gate is open.
    running = [service for service in argument["services"] if _systemctl("is-active", service)]
    _systemctl("stop", *(Path(path).name for path in port["files"]))
    is_held = _systemctl("start", port["socket"])
    for service in running:
        _systemctl("start", "--no-block", service)
    if not is_held:
        _refuse_taken(argument, port)
        said = journal.last(port["socket"], 3, of_systemd=True)
        sys.exit(words.said(f"{argument['what']}: port {port['port']} cannot be held", said))


def _refuse_taken(argument: dict[str, Any], port: dict[str, Any]) -> None:
    taken = sockets.strangers(port["port"], *argument["services"])
    if taken:
        owner = holders.told(holders.holder(taken[0]))
        sys.exit(f"{argument['what']}: port {port['port']} is taken by {owner}, or set another port")


def _let_go(ports: list[dict[str, Any]]) -> None:
    units = [Path(path).name for port in ports for path in port["files"]]
    _systemctl("stop", *units)
    _systemctl("disable", "--no-reload", *(port["socket"] for port in ports))
    for port in ports:
        for path in port["files"]:
            Path(path).unlink(missing_ok=True)
    _systemctl("daemon-reload")
    _systemctl("reset-failed", *units)
    os.sync()


def _systemctl(*arguments: str) -> bool:
    return run.attempt(run.SYSTEMCTL, "--quiet", *arguments).returncode == 0

"""On the host: a configuration tried by a Traefik of its own, beside the one that serves.

Traefik has no command that tests a configuration, and takes one with mistakes as far as it goes. So it is
started aside, at other ports, with all that it would have, and asked what it makes of it.
"""

import json
import sys
import time
from pathlib import Path

from deploys.onhost import files, journal, removal, run, words
from deploys.proxies.traefik.onhost import api, choices, follow, where

_UNIT = "gatehouse-traefik-trial.service"
_FOLDER = where.RUN / "trial"
_PORTS = {"traefik": 882, "web": 883, "websecure": 884}
_LOGS = "gatehouse-traefik-trial"
"""A directory below /run that is the trial's own, and gone with it."""
_LOG = f"/run/{_LOGS}/log"
_PATIENCE = 30
"""Seconds for it to have taken the configuration."""
_POLL = 0.1
_UNTRIED = "traefik: nothing was changed, the new configuration cannot be tried"
PROPERTIES = (
    f"User={where.USER}",
    f"Group={where.USER}",
    f"RuntimeDirectory={_LOGS}",
    "AmbientCapabilities=CAP_NET_BIND_SERVICE",
    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectHome=yes",
    "ProtectSystem=strict",
    "RuntimeMaxSec=60",
)


def passed(program: str, content: dict[str, str]) -> None:
    """Have a configuration tried.

    Args:
        program: the Traefik that is to serve it.
        content: of the tree.

    Raises:
        SystemExit: it is not taken whole, in Traefik's own words.

    """
    try:
        digest, routing = follow.wanted(content)
        follow.write(_FOLDER / "routing.yml", routing)
        follow.write(_FOLDER / "traefik.yml", choices.text(_aside(json.loads(content[where.STATIC]))))
        _end()
        began = time.time()
        set_up = [f"--property={each}" for each in PROPERTIES]
        command = (program, f"--configfile={_FOLDER / 'traefik.yml'}")
        run.output(
            "/usr/bin/systemd-run",
            "--quiet",
            "--collect",
            f"--unit={_UNIT}",
            *set_up,
            *command,
            what=_UNTRIED,
        )
        if problem := _problem(digest, began):
            sys.exit(words.said("traefik: nothing was changed, the new configuration is not taken", problem))
    except OSError as error:
        sys.exit(f"{_UNTRIED}: {error}")
    finally:
        _end()
        removal.remove(_FOLDER)


def _aside(static: dict[str, object]) -> dict[str, object]:
    """Have it listen at other ports, follow another file, and write what is wrong where we read it."""
    found = json.loads(json.dumps(static))
    for name, entry in found["entryPoints"].items():
        entry["address"] = f"{where.LOOPBACK}:{_PORTS[name]}"
    found["providers"]["file"]["filename"] = str(_FOLDER / "routing.yml")
    found["log"]["filePath"] = _LOG
    found["accessLog"]["filePath"] = f"/run/{_LOGS}/access.log"
    return dict(found)


def _problem(digest: str, began: float) -> str:
    deadline = time.monotonic() + _PATIENCE
    while not api.is_running(digest, _PORTS["traefik"]):
        said = _log()
        if said or not _is_active():
            return said or journal.last(_UNIT, 20, since=began)
        if time.monotonic() > deadline:
            return f"it has not taken it within {_PATIENCE} s"
        time.sleep(_POLL)
    return _log() or "\n".join(api.problems(_PORTS["traefik"]))


def _is_active() -> bool:
    state = run.properties(_UNIT, "ActiveState").get("ActiveState")
    return state in {"active", "activating"}


def _log() -> str:
    path = Path(_LOG)
    return files.text(path) if path.exists() else ""


def _end() -> None:
    run.attempt(run.SYSTEMCTL, "--quiet", "stop", _UNIT)
    run.attempt(run.SYSTEMCTL, "--quiet", "reset-failed", _UNIT)

"""On the host: a command that runs as an app's release does, at the operator's terminal or without one."""

import os
import re
import secrets
import sys
from pathlib import Path
from typing import Any

from deploys.apps.onhost import probe
from deploys.onhost import files, removal, run

_DROP_INS = "/run/systemd/system"
_SERVICE = re.compile(r"^\[Service\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_WITHIN = re.compile(r"^X-Gatehouse-Within=([\w./ -]+)$", re.MULTILINE | re.ASCII)
"""What runs a command where the app's own are not the machine's."""
_OF_THE_SERVER = re.compile(
    r"^(?:Type|Sockets|Exec\w+|Restart\w*|KillMode|TimeoutStopSec|SuccessExitStatus|SyslogIdentifier)="
)
"""What a unit says of the app's server, and of no other program of the release."""
_NO_TERMINALS = "InaccessiblePaths=-/dev/pts"


def main(argument: "dict[str, Any]") -> None:
    """Run the command with user, release, environment, secrets and sandbox of what has the traffic."""
    slot = argument["slots"]["b" if os.path.exists(argument["b_is_live"]) else "a"]
    unit = Path(probe.UNITS, slot["service"])
    if not unit.is_file() or not os.path.exists(slot["served"]):
        sys.exit(f"{argument['app']}: no release has the traffic yet; {argument['first']}")
    name = f"{argument['unit']}.{secrets.token_hex(4)}.service"
    folder = f"{_DROP_INS}/{name}.d"
    text = files.text(unit)
    within = _WITHIN.search(text)
    how = ("--pty",) if os.isatty(0) else ("--pipe",)
    try:
        files.write(f"{folder}/app.conf", as_app(text, at_terminal=os.isatty(0)))
        code = run.attached(
            *("/usr/bin/systemd-run", "--quiet", "--collect", "--wait", *how, f"--unit={name}"),
            *(f"--description={argument['app']}: a command by {argument['owner']}", "--"),
            *(within[1].split() if within else ["/usr/bin/env"]),
            *argument["command"],
        )
    finally:
        removal.remove(folder)
    sys.exit(code)


def as_app(unit: str, *, at_terminal: bool) -> str:
    """Make a drop-in of what a unit of the app's says of whatever it runs; at a terminal, it sees that."""
    found = _SERVICE.search(unit)
    lines = found[1].splitlines() if found else []
    kept = [line for line in lines if line and not _OF_THE_SERVER.match(line)]
    kept = [line for line in kept if not (at_terminal and line == _NO_TERMINALS)]
    return "\n".join(["[Service]", *kept, ""])

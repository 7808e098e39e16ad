"""On the host: another set of ways to apps, in force before their files say so."""

import base64
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from deploys.base.onhost import files as putting
from deploys.firewall.onhost import front
from deploys.onhost import files, journal, removal, run, words
from deploys.proxies.none.onhost import look
from deploys.proxies.onhost import alone

_LOCK = Path("/run/gatehouse/front.lock")
_PATIENCE = 60


def main(argument: "dict[str, Any]") -> None:
    """Have the kernel lead by the files, whole or not at all."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with alone.alone(_LOCK, _PATIENCE):
            _make_live(argument["files"])
    except alone.Busy:
        sys.exit("front: nothing was changed, as another run is changing it; run this one again")


def _make_live(wanted: "list[dict[str, Any]]") -> None:
    told = next(file["content"] for file in wanted if file["path"] == str(look.SETTINGS))
    settings = json.loads(base64.b64decode(told))
    was_open, former = front.is_open(look.UNIT), look.read()
    # What the kernel refuses is refused before any file says so.
    if problem := front.lead(settings):
        sys.exit(f"front: nothing was changed: {problem}")
    before = files.read(look.SETTINGS) if former is not None else None
    putting.main({"write": wanted, "reload": True})
    run.systemctl("--quiet", "enable", look.UNIT)
    if not was_open and run.attempt(run.SYSTEMCTL, "restart", look.UNIT).returncode:
        front.close(settings["table"])
        if before is None:
            removal.remove(look.SETTINGS)
        else:
            files.write(look.SETTINGS, before)
        said = words.quoted(journal.last(look.UNIT, 10, of_systemd=True))
        sys.exit(f"front: systemd cannot open the ways:\n{said}")
    os.sync()

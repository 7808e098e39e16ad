"""On the host: tell of units that fail and are started again, which before 254 systemd does not do itself."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from deploys.onhost import files, journal, run

CURSOR = "/var/lib/gatehouse/failures.cursor"
"""How far the journal has been read, so that nothing is missed or told twice across starts and boots."""

_FAILED = "d9b373ed55a64feb8242e02dbe79a49c"
"""What systemd says of a unit that fails (SD_MESSAGE_UNIT_FAILURE_RESULT of sd-messages.h)."""


def main(_: Mapping[str, Any]) -> None:
    """Follow the journal, and start the alert of each unit that has one.

    The boot is named on the command line: where the server is a container, it cannot be told from within the
    unit's sandbox. What fails as the server is shut down is no news after the boot.
    """
    place = _place() or _end()
    if place:
        files.write(CURSOR, place, 0o600)
    machine = files.read("/etc/machine-id").decode().strip()
    # Nobody but systemd writes there as process 1. Merged, or journalctl looks the boot up itself.
    wanted = (f"_MACHINE_ID={machine}", f"_BOOT_ID={sys.argv[1]}", "_PID=1", f"MESSAGE_ID={_FAILED}")
    since = ("--no-tail", f"--after-cursor={place}") if place else ("--lines=0",)
    for entry in _entries("--follow", "--merge", *since, *wanted):
        _tell(entry["UNIT"])
        files.write(CURSOR, entry["__CURSOR"], 0o600)


def _tell(unit: str) -> None:
    alert = f"gatehouse.alert@{unit}.service"
    if alert in run.properties(unit, "OnFailure").get("OnFailure", "").split():
        run.attempt(run.SYSTEMCTL, "start", "--no-block", "--", alert)


def _place() -> str:
    try:
        return files.read(CURSOR).decode()
    except FileNotFoundError:
        return ""


def _end() -> str:
    """Give the place of the last entry of all, from which a first start goes on."""
    return next((str(entry["__CURSOR"]) for entry in _entries("--lines=1")), "")


def _entries(*query: str) -> Iterator[dict[str, Any]]:
    for line in run.lines(journal.PROGRAM, "--quiet", "--output=json", "--output-fields=UNIT", *query):
        yield json.loads(line)

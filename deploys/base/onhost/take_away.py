"""On the host: what a part of the house owns, taken away."""

import os
from pathlib import Path
from typing import Any

from deploys.base.onhost import owned as owned_onhost
from deploys.onhost import removal, run


def main(owned: "dict[str, Any]") -> None:
    """Stop and remove all that matches; what was cut off is finished by the next.

    Args:
        owned: as `owned.main` takes it.

    """
    found = owned_onhost.main(owned)
    for unit in found["units"]:
        # What is enabled nowhere is disabled all the same; a transient one cannot be.
        run.attempt(run.SYSTEMCTL, "--quiet", "disable", unit)
        run.systemctl("stop", unit)
    for table in found["tables"]:
        run.output("/usr/sbin/nft", "delete", "table", "inet", table)
    for path in found["paths"]:
        removal.remove(path)
        _leave_drop_ins(Path(path).parent)
    run.systemctl("daemon-reload")
    if found["units"]:
        run.attempt(run.SYSTEMCTL, "--quiet", "reset-failed", *found["units"])
    for path in found["diverted"]:
        removal.remove(path)
        run.output("/usr/bin/dpkg-divert", "--quiet", "--rename", "--local", "--remove", path)
    for folder in found["folders"]:
        if not os.listdir(folder):
            os.rmdir(folder)


def _leave_drop_ins(folder: Path) -> None:
    """Remove a directory of drop-ins that holds none any more."""
    if folder.name.endswith(".d") and str(folder).startswith("/etc/systemd/") and not any(folder.iterdir()):
        folder.rmdir()

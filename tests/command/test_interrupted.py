"""Ctrl-C and SIGTERM, as early as a user may send them: nothing was changed, and the code says so."""

import signal
import subprocess
import time

import pytest

from tests.command.clone import Clone
from tests.command.wrong import inventory

SLOW = """
import pathlib, time
pathlib.Path("reads").touch()
time.sleep(60)
hosts = ["web1"]
"""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM], ids=lambda kind: kind.name)
def test_while_the_inventory_is_read(clone: Clone, kind: signal.Signals) -> None:
    clone.write(inventory(SLOW))
    reads = clone.root / "reads"
    reads.unlink(missing_ok=True)
    with subprocess.Popen(
        # A shell has what it runs beside itself pass over it, the tests and all that they start included.
        ["env", "--default-signal=INT", str(clone.root / "gatehouse"), "site", "prod"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until = time.monotonic() + 60
        while not reads.exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(kind)
        output, errors = process.communicate(timeout=60)
    assert (output, errors) == ("", "gatehouse: stopped; nothing was changed\n")
    assert process.returncode == 130

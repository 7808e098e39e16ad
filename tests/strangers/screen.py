"""What reaches the terminal of an operator, byte by byte."""

import os
import pty
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.provision import PYINFRA, ROOT


def shown(
    hosts: Mapping[str, Mapping[str, Any]], *flags: str, deploy: str = "deploys/site.py"
) -> tuple[int, str]:
    """Run a deploy at a terminal of 120 columns, and give its exit code and all that the terminal got."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = Path(folder) / "scratch.py"
        inventory.write_text(f"hosts = {[(name, dict(data)) for name, data in hosts.items()]!r}\n")
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [str(PYINFRA), "-y", *flags, str(inventory), deploy],
            cwd=ROOT,
            env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        said = b""
        try:
            while block := _read(ours):
                said += block
        finally:
            process.kill()
            os.close(ours)
        return process.wait(), said.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody has the other end any more
        return b""

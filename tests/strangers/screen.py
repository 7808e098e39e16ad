"""What reaches the terminal of an operator, byte by byte."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.provision import PYINFRA, ROOT
from tests.terminal import record


def shown(
    hosts: Mapping[str, Mapping[str, Any]], *flags: str, deploy: str = "deploys/site.py"
) -> tuple[int, str]:
    """Run a deploy at a terminal of 120 columns, and give its exit code and all that the terminal got."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = Path(folder) / "scratch.py"
        inventory.write_text(f"hosts = {[(name, dict(data)) for name, data in hosts.items()]!r}\n")
        asks = [] if "--dry" in flags else ["-y"]
        recording = record([str(PYINFRA), *asks, *flags, str(inventory), deploy], cwd=ROOT)
        return recording.code, recording.said.replace("\r\n", "\n")

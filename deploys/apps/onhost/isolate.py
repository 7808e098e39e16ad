"""On the host: rules of nftables that are in force before their file says so."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import words


def main(argument: dict[str, Any]) -> None:
    """Load the rules, then write them and the unit that loads them at boot, so that neither is forgotten."""
    rules = argument["contents"][argument["rules"]]
    _run(["nft", "-f", "-"], rules)
    for path, content in argument["contents"].items():
        new = Path(f"{path}.new")
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(content)
        new.chmod(0o644)
        new.rename(path)
    _run(["systemctl", "daemon-reload"])
    _run(["systemctl", "--quiet", "enable", argument["unit"]])


def _run(command: list[str], stdin: str = "") -> None:
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(words.said(" ".join(command), done.stderr))

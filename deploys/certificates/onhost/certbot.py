"""On the host: certbot from PyPI, in an environment of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import words

LIST = "gatehouse.txt"
"""In the environment: what was installed, written last."""


def main(argument: "dict[str, Any]") -> None:
    """Make the environment unless it is there, and install what is asked for, or leave it as it was.

    Args:
        argument: `environment`, its directory; `requirements`, for pip.

    """
    environment = Path(argument["environment"])
    pip = str(environment / "bin" / "pip")
    # What is there renews certificates: it is not cleared for a version that may not exist.
    if not _works(pip):
        _run("/usr/bin/python3", "-m", "venv", "--clear", str(environment))
    _run(pip, "install", "--quiet", "--disable-pip-version-check", *argument["requirements"])
    (environment / LIST).write_text("".join(f"{one}\n" for one in argument["requirements"]))


def _works(pip: str) -> bool:
    try:
        return subprocess.run([pip, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(words.said(f"{command[0]} failed", done.stderr or done.stdout))

"""On the host: certbot from PyPI, in an environment of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

LIST = "gatehouse.txt"
"""In the environment: what was installed, written last."""


def main(argument: "dict[str, Any]") -> None:
    """Make the environment, and install what is asked for.

    Args:
        argument: `environment`, its directory; `requirements`, for pip.

    """
    environment = Path(argument["environment"])
    _run("/usr/bin/python3", "-m", "venv", "--clear", str(environment))
    pip = [str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    _run(*pip, *argument["requirements"])
    (environment / LIST).write_text("".join(f"{one}\n" for one in argument["requirements"]))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit((done.stderr or done.stdout).strip())

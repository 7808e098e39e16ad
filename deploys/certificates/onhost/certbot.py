"""On the host: certbot from PyPI, in an environment of its own."""

from pathlib import Path
from typing import Any

from deploys.onhost import files, run

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
        run.output("/usr/bin/python3", "-m", "venv", "--clear", str(environment))
    # Isolated: the index is the one of /etc/pip.conf, whatever lies in a home.
    options = ("--isolated", "--quiet", "--disable-pip-version-check", "--no-input")
    run.output(pip, "install", *options, *argument["requirements"], what="cannot install certbot")
    files.write(environment / LIST, "".join(f"{one}\n" for one in argument["requirements"]))


def _works(pip: str) -> bool:
    try:
        return run.attempt(pip, "--version").returncode == 0
    except OSError:
        return False

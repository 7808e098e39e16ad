"""On the host: certbot from PyPI in an environment of its own, known by its digests whatever the index."""

import glob
import json
from pathlib import Path
from typing import Any

from deploys.onhost import files, removal, run

LIST = "gatehouse.txt"
"""In the environment: what was installed, written last."""

# Isolated: the index is the one of /etc/pip.conf, whatever lies in a home.
_INSTALL = ("install", "--isolated", "--quiet", "--disable-pip-version-check", "--no-input")
_VERIFIED = ("--require-hashes", "--only-binary", ":all:")


def main(argument: "dict[str, Any]") -> None:
    """Make the environment, and remove all others but the one that renews until this run is over.

    Whoever goes back to the distribution's certbot keeps theirs, until one is installed again.

    Args:
        argument: `environment`, its directory; `verified`, `versions` and `foreign`, for pip;
            `environments`, which matches all of them; `settings`, the file that names the certbot in use.

    """
    environment = Path(argument["environment"])
    pip = str(environment / "bin" / "pip")
    run.output("/usr/bin/python3", "-I", "-m", "venv", "--clear", str(environment))
    verified, versions = environment / "verified.txt", environment / "versions.txt"
    files.write(verified, argument["verified"])
    files.write(versions, argument["versions"])
    run.output(pip, *_INSTALL, *_VERIFIED, "--requirement", str(verified), what="cannot install certbot")
    if argument["foreign"]:
        plugin = (argument["foreign"], "--constraint", str(versions))
        run.output(pip, *_INSTALL, *plugin, what=f"cannot install {argument['foreign']}")
    files.write(environment / LIST, argument["verified"] + argument["foreign"])
    for other in glob.glob(argument["environments"]):
        if Path(other) not in {environment, _in_use(Path(argument["settings"]))}:
            removal.remove(other)


def _in_use(settings: Path) -> "Path | None":
    """Give the environment by which certificates are renewed until this run has put another one there."""
    try:
        return Path(json.loads(settings.read_text())["certbot"]).parent.parent
    except (OSError, ValueError):
        return None

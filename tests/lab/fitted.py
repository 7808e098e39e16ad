"""On a server that is being made: what gatehouse installs from a package index."""

from pathlib import Path
from typing import Any

from deploys.apps.onhost import uv


def main(argument: "dict[str, Any]") -> None:
    """Install uv as a release does.

    Args:
        argument: see `uv.install`.

    """
    uv.install(argument, Path("/etc/ssl/certs/ca-certificates.crt"))

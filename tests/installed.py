"""Programs of Debian's that tests run on this machine."""

import shutil
import subprocess
from collections.abc import Sequence


def ensure(*programs: str, packages: Sequence[str] = ()) -> None:
    """Install programs unless all of them are there; `packages` where theirs have other names."""
    if not all(map(shutil.which, programs)):
        apt = ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300"]
        subprocess.run([*apt, "update"], check=True)
        subprocess.run([*apt, "install", "--no-install-recommends", *(packages or programs)], check=True)

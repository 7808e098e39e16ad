"""Programs of Debian's that tests run on this machine."""

import shutil
import subprocess


def ensure(program: str, *packages: str) -> None:
    """Install what a program comes in, unless it is there; `packages` where that has another name."""
    if not shutil.which(program):
        apt = ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300"]
        subprocess.run([*apt, "update"], check=True)
        subprocess.run([*apt, "install", "--no-install-recommends", *(packages or [program])], check=True)

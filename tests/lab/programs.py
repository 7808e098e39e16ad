"""Proxies' own programs, as PyPI has them, for servers of the lab: fetched once for all labs of a host."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.layout import Layout
from tests.lab.locks import held

PINNED = {
    "caddy": ("2.11.7", "fc82429ec3ee96a1314c2604299113421969bc1f736908d4d2ba67f45d2d96a6"),
    "traefik": ("3.7.15", "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34"),
}
"""Version, and SHA-256 of the wheel for x86-64."""


def program(layout: Layout, name: str) -> Path:
    """Give the file of a program."""
    version, _ = PINNED[name]
    place = layout.cache / f"{name}-{version}" / name
    if not place.exists():
        layout.cache.mkdir(parents=True, exist_ok=True)
        with held(layout.cache / f"{name}-{version}.lock", what=f"another lab that fetches {name}"):
            if not place.exists():
                _fetch(name, place)
    return place


def _fetch(name: str, place: Path) -> None:
    version, digest = PINNED[name]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{name}-bin=={version} --hash=sha256:{digest}\n")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes")
        done = subprocess.run(
            [*pip, "--dest", folder, "-r", str(wanted)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            msg = f"{name} {version} cannot be fetched: {done.stderr.strip().splitlines()[-1]}"
            raise LabError(msg)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (member,) = (each for each in archive.namelist() if each.endswith(f"/scripts/{name}"))
            content = archive.read(member)
    draft = place.with_name(f".{name}")
    draft.parent.mkdir(exist_ok=True)
    draft.write_bytes(content)
    draft.chmod(0o755)
    draft.rename(place)

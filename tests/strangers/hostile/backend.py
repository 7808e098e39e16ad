"""A build backend that was taken over: it tries all that it is told to, and then builds a good wheel."""

import importlib
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

trying = importlib.import_module("stranger.trying")

INFO = "stranger-1.dist-info"
METADATA = "Metadata-Version: 2.1\nName: stranger\nVersion: 1\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: stranger\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def prepare_metadata_for_build_wheel(directory: str, config_settings: object = None) -> str:
    folder = Path(directory, INFO)
    folder.mkdir()
    (folder / "METADATA").write_text(METADATA)
    (folder / "WHEEL").write_text(WHEEL)
    return INFO


def build_wheel(directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    table = trying.table()
    if "fails" in table:
        os.write(2, table["last words"].encode("utf-8", "surrogateescape"))
        sys.exit(1)
    ended = trying.attempts("build")
    files = {
        **planted(table),
        "stranger_build.json": ended,
        f"{INFO}/METADATA": METADATA,
        f"{INFO}/WHEEL": WHEEL,
    }
    name = "stranger-1-py3-none-any.whl"
    with zipfile.ZipFile(Path(directory, name), "w") as packed:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o755 << 16
            packed.writestr(entry, content)
        rows = "".join(f"{path},,\n" for path in [*files, f"{INFO}/RECORD"])
        packed.writestr(f"{INFO}/RECORD", rows)
    return name


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
build_editable = build_wheel


def planted(table: "dict[str, Any]") -> "dict[str, str]":
    """Name programs as root's are named; each leaves a mark if root runs it, and so does a module."""
    names = table.get("scripts", [])
    programs = {f"stranger-1.data/scripts/{name}": trying.canary(name) for name in names}
    module = "import os; os.getuid() or open('/root/canaries', 'a').write('pth' + chr(10))\n"
    return {**programs, "stranger.pth": module} if names else {}

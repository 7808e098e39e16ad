"""What others may put where root writes, reads and removes, to lead it astray or hold it up."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

KEPT = "root's own"
"""What is in a file elsewhere."""

PLANTED: dict[str, Callable[[Path, Path], object]] = {
    "link": lambda path, safe: path.symlink_to(safe),
    "dangling link": lambda path, safe: path.symlink_to(safe.with_name("none")),
    "hard link": lambda path, safe: path.hardlink_to(safe),
    "pipe": lambda path, safe: os.mkfifo(path),
    "socket": lambda path, safe: socket.socket(socket.AF_UNIX).bind(str(path)),
    "link to itself": lambda path, safe: path.symlink_to(path.name),
    "link to a terminal": lambda path, safe: path.symlink_to("/dev/tty"),
    "link to a device": lambda path, safe: path.symlink_to("/dev/zero"),
}
planted = pytest.mark.parametrize("kind", PLANTED)

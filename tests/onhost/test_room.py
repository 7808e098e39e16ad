"""What is not to end halfway does not begin on a full disk."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys.onhost import room

pytestmark = pytest.mark.lab  # for root alone: nothing boots


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, with room for two hundred files."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2M,nr_inodes=200", "tmpfs", tmp_path], check=True)
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_there_is_room(disk: Path) -> None:
    room.need(disk, disk / "still" / "to be made")


@pytest.mark.parametrize("folder", ["", "still/to be made"])
def test_there_is_none(disk: Path, folder: str) -> None:
    (disk / "large").write_bytes(os.urandom(1_500_000))
    with pytest.raises(OSError, match="No space left"):
        room.need("/", disk / folder)


def test_there_is_none_for_files(disk: Path) -> None:
    for number in range(150):
        (disk / str(number)).touch()
    with pytest.raises(OSError, match="No space left"):
        room.need(disk)

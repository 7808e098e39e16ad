"""What is removed is that and nothing else, whatever is in it."""

import os
from pathlib import Path

from deploys.onhost import removal
from tests.onhost.planted import KEPT, PLANTED, planted


@planted
def test_what_is_removed_is_nothing_else(shared: Path, safe: Path, kind: str) -> None:
    PLANTED[kind](shared / "file", safe)
    removal.remove(shared / "file")
    assert not os.path.lexists(shared / "file")
    assert safe.read_text() == KEPT


@planted
def test_nor_below_a_directory_that_is_removed(shared: Path, safe: Path, kind: str) -> None:
    (shared / "tree" / "a" / "b").mkdir(parents=True)
    PLANTED[kind](shared / "tree" / "a" / "b" / "file", safe)
    (shared / "tree" / "elsewhere").symlink_to(safe.parent)
    removal.remove(shared / "tree")
    assert list(shared.iterdir()) == []
    assert safe.read_text() == KEPT


def test_a_tree_deeper_than_any_path_is_removed(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    here = os.open(tmp_path / "tree", os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d" * 20, dir_fd=here)
        below = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    removal.remove(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_a_tree_of_any_names_is_removed(tmp_path: Path) -> None:
    for name in ("a\nb", "-rf", " ", "\udcff", "..."):
        (tmp_path / "tree" / name / name).mkdir(parents=True)
        (tmp_path / "tree" / name / "file").touch(mode=0)
        (tmp_path / "tree" / name).chmod(0)
    removal.remove(tmp_path / "tree")
    removal.remove(tmp_path / "tree")
    assert list(tmp_path.iterdir()) == []

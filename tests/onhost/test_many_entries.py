"""A tree of any number of files is removed, refused or walked in no more memory than a small one."""

import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploys.apps.onhost import publish, seal
from deploys.onhost import files, removal

MANY = 2_000
ROOM = 200_000
"""Bytes that none of it may take: of as many names, a list has more than twice that."""


def fill(folder: Path, *, kind: Callable[[str], object]) -> None:
    folder.mkdir(parents=True)
    for number in range(MANY):
        kind(f"{folder}/{number:0200}")


@pytest.fixture(params=["files", "directories", "links", "below another"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Make a directory of very many."""
    kinds: dict[str, Callable[[str], object]] = {
        "files": lambda path: os.close(os.open(path, os.O_CREAT | os.O_WRONLY)),
        "directories": os.mkdir,
        "links": lambda path: os.symlink("x", path),
    }
    top = tmp_path / "tree"
    below = top / "a/b" if request.param == "below another" else top
    fill(below, kind=kinds.get(request.param, kinds["files"]))
    return top


@pytest.fixture
def room() -> Iterator[Callable[[], int]]:
    """Measure how much memory is held at most."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def walk(tree: Path) -> None:
    with files.opened(tree) as top:
        for _ in files.walk(top, str(tree)):
            pass


USES: dict[str, Callable[[Path], object]] = {
    "remove": removal.remove,
    "seal": lambda tree: seal.seal(tree, os.getgid()),
    "walk": walk,
    "is_empty": files.is_empty,
    "publish": lambda tree: [None for _ in publish._files(tree.parent, tree)],
}


@pytest.mark.parametrize("use", USES)
def test_no_list_of_it_is_held(tree: Path, room: Callable[[], int], use: str) -> None:
    USES[use](tree)
    assert room() < ROOM, f"{use} was to hold the way to where it is, and no more"
    if use == "remove":
        assert not tree.exists()


@pytest.mark.parametrize("use", ["walk", "seal", "names"])
def test_more_than_a_release_may_have_is_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: str
) -> None:
    monkeypatch.setattr(files, "MOST_ENTRIES", 3)
    does = {**USES, "names": files.names}[use]
    for name in "abc":
        (tmp_path / "tree" / name).mkdir(parents=True)
    does(tmp_path / "tree")
    (tmp_path / "tree/d").touch()
    with pytest.raises(OSError, match=f"more than 3 files, directories and links: '{tmp_path}/tree'"):
        does(tmp_path / "tree")

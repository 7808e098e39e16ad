"""A walk through a tree in which others are at work."""

import os
from pathlib import Path

import pytest

from deploys.onhost import files


def test_a_walk_ends_where_directories_lie_too_deep(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(files.DEEPEST + 2):
        deep /= "d"
        deep.mkdir()
    with files.opened(tmp_path) as top, pytest.raises(OSError, match="directories in one another") as said:
        list(files.walk(top))
    assert len(str(said.value)) < 150, "it is to be told in a line"


def test_a_walk_tells_all_and_follows_nothing(tmp_path: Path, safe: Path) -> None:
    (tmp_path / "tree" / "a").mkdir(parents=True)
    (tmp_path / "tree" / "a" / "file").touch()
    (tmp_path / "tree" / "b").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "tree" / "pipe")
    with files.opened(tmp_path / "tree") as top:
        assert sorted(path for *_, path in files.walk(top)) == ["a", "a/file", "b", "pipe"]


def test_a_walk_leaves_out_what_goes_meanwhile(tmp_path: Path) -> None:
    left = {"a", "b", "c"}
    for name in left:
        (tmp_path / name / "within").mkdir(parents=True)
    with files.opened(tmp_path) as top:
        seen = []
        for _, name, _, path in files.walk(top):
            seen.append(path)
            left.discard(name)
            if len(seen) == 1:
                for gone in (name, left.pop()):
                    (tmp_path / gone / "within").rmdir()
                    (tmp_path / gone).rmdir()
    # What is listed already may yet be told of, or not; nothing is in it any more.
    assert [path for path in seen[1:] if "/" in path] == [f"{seen[-1][0]}/within"]


def test_a_walk_enters_nothing_that_has_taken_a_directory_s_place(tmp_path: Path, safe: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / "top" / name / "within").mkdir(parents=True)
    with files.opened(tmp_path / "top") as top:
        seen = []
        for _, name, _, path in files.walk(top):
            seen.append(path)
            if len(seen) <= 2:
                (tmp_path / "top" / name / "within").rmdir()
                (tmp_path / "top" / name).rmdir()
            if len(seen) == 1:
                (tmp_path / "top" / name).symlink_to(safe.parent)
            if len(seen) == 2:
                (tmp_path / "top" / name).write_text("no directory")
    assert sorted(seen[:3]) == ["a", "b", "c"]
    assert seen[3:] == [f"{seen[2]}/within"]

"""A file's time says whether its content has changed, in every release and on every host."""

import io
import os
import tarfile
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deploys.apps.onhost import times
from deploys.apps.reading import read_source
from deploys.onhost import removal
from tests.apps.repositories import tree


@given(contents=st.sets(st.binary(max_size=8), max_size=9))
def test_contents_differ_by_their_times(contents: set[bytes]) -> None:
    found = {times.of(content) for content in contents}
    assert len(found) == len(contents)
    assert all(315532800 < one < time.time() for one in found), "no time before 1980, nor in the future"
    assert found == {times.of(content) for content in contents}


def test_the_archive_s_files_have_them(tmp_path: Path) -> None:
    source = read_source(str(tree(tmp_path, a_DOT_css="red", b_DOT_css="sky")), "key")
    with tarfile.open(fileobj=io.BytesIO(source.archive())) as tar:
        assert {entry.name: entry.mtime for entry in tar} == {
            "a.css": times.of(b"red"),
            "b.css": times.of(b"sky"),
        }


def test_what_a_build_makes_gets_them(tmp_path: Path) -> None:
    outside = tmp_path / "outside.css"
    outside.write_text("not the release's")
    os.utime(outside, (1, 1))
    root = tree(tmp_path / "code", static__a_DOT_css="red", main_DOT_py="1", lib_DOT_so="2")
    (root / "link.css").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    os.mkfifo(root / "pipe.css")
    (root / "line\nbreak.css").write_text("sky")
    for name in ("main.py", "lib.so"):
        os.utime(root / name, (2, 2))
    times.main([str(root)])
    assert (root / "static/a.css").stat().st_mtime == times.of(b"red")
    assert (root / "line\nbreak.css").stat().st_mtime == times.of(b"sky")
    assert {(root / name).stat().st_mtime for name in ("main.py", "lib.so")} == {2}
    assert outside.stat().st_mtime == 1


def test_directories_in_one_another_hold_nothing_up(tmp_path: Path) -> None:
    tree(tmp_path, a_DOT_css="red")
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    times.main([str(tmp_path)])
    assert (tmp_path / "a.css").stat().st_mtime == times.of(b"red")
    removal.remove(tmp_path)  # nothing else gets that deep

"""What others have put where root writes, and reads leads nobody astray, and holds nobody up."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.onhost import files, removal
from tests.onhost.planted import KEPT, PLANTED, planted


@planted
def test_what_is_written_goes_nowhere_else(shared: Path, safe: Path, kind: str) -> None:
    PLANTED[kind](shared / "file", safe)
    files.write(shared / "file", "new", 0o640)
    status = (shared / "file").lstat()
    assert stat.S_ISREG(status.st_mode)
    assert (status.st_mode & 0o7777, status.st_nlink) == (0o640, 1)
    assert (shared / "file").read_text() == "new"
    assert (safe.read_text(), safe.stat().st_mode & 0o7777) == (KEPT, 0o600)
    assert not safe.with_name("none").exists()


@pytest.mark.parametrize("kind", [kind for kind in PLANTED if kind != "hard link"])
def test_what_is_no_file_of_its_own_is_neither_read_nor_waited_for(
    shared: Path, safe: Path, kind: str
) -> None:
    PLANTED[kind](shared / "file", safe)
    with pytest.raises(OSError, match=str(shared / "file")):
        files.read(shared / "file")


@pytest.mark.parametrize(
    "act",
    [
        lambda path: files.write(path, "new"),
        files.read,
        removal.remove,
        files.make_directory,
    ],
    ids=["write", "read", "remove", "make_directory"],
)
def test_a_link_on_the_way_is_not_followed_where_anybody_could_have_put_it(
    shared: Path, safe: Path, act: Callable[[Path], object]
) -> None:
    (shared / "way").symlink_to(safe.parent)
    with pytest.raises(OSError, match="another user could have put a link there") as refusal:
        act(shared / "way" / "safe")
    assert refusal.value.filename == str(shared / "way" / "safe")
    assert safe.read_text() == KEPT
    assert safe.stat().st_mode & 0o7777 == 0o600


@pytest.mark.parametrize("target", ["safe", "./x/../safe", "{root}/safe", "second"])
def test_a_link_of_root_s_is_followed(tmp_path: Path, safe: Path, target: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "second").symlink_to("safe")
    (tmp_path / "link").symlink_to(target.format(root=tmp_path))
    assert files.read(tmp_path / "link").decode() == KEPT
    (tmp_path / "way").symlink_to(f"{tmp_path}/x")
    files.write(tmp_path / "way" / "deep" / "file", "new")
    assert (tmp_path / "x" / "deep" / "file").read_text() == "new"


@pytest.mark.parametrize("size", [10, 11])
def test_a_huge_file_is_not_read(tmp_path: Path, size: int) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(size << 40)
    with pytest.raises(OSError, match="has more than 1024 bytes"):
        files.read(tmp_path / "file", most=1024)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "there" / "x").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        files.write(tmp_path / "there", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("path", ["relative", "", "./x"])
def test_no_path_depends_on_where_we_are(path: str) -> None:
    with pytest.raises(OSError, match="is no absolute path"):
        files.read(path)


def test_what_a_directory_has(shared: Path) -> None:
    (shared / "b").mkdir()
    (shared / "a").touch()
    assert files.names(shared) == ["a", "b"]
    assert files.names(shared / "a") == []
    assert files.names(shared / "none") == []


def test_a_link_to_a_directory_is_not_listed(shared: Path, safe: Path) -> None:
    (shared / "link").symlink_to(safe.parent)
    with pytest.raises(OSError, match="not followed"):
        files.names(shared / "link")


def test_a_copy_has_the_content_and_the_time(tmp_path: Path, safe: Path) -> None:
    os.utime(safe, (1, 2))
    files.copy(safe, tmp_path / "copy", 0o644)
    status = (tmp_path / "copy").stat()
    assert ((tmp_path / "copy").read_text(), status.st_mtime, status.st_mode & 0o7777) == (KEPT, 2, 0o644)


@pytest.mark.parametrize(
    "pieces",
    [
        {},
        {0: b"first"},
        {1 << 39: b"middle"},
        {0: b"first", 5 << 20: b"x" * (3 << 20), (1 << 40) - 4: b"last"},
    ],
    ids=["nothing", "a beginning", "a middle", "several pieces"],
)
def test_a_copy_of_a_file_of_holes_takes_no_more_room(tmp_path: Path, pieces: dict[int, bytes]) -> None:
    with open(tmp_path / "holes", "wb") as holes:
        holes.truncate(1 << 40)
        for at, piece in pieces.items():
            os.pwrite(holes.fileno(), piece, at)
    files.copy(tmp_path / "holes", tmp_path / "copy")
    source, copy = (tmp_path / "holes").stat(), (tmp_path / "copy").stat()
    assert copy.st_size == source.st_size
    assert copy.st_blocks <= source.st_blocks
    with open(tmp_path / "copy", "rb") as found:
        assert {at: os.pread(found.fileno(), len(piece), at) for at, piece in pieces.items()} == pieces


@planted
def test_a_copy_takes_nobody_s_place(shared: Path, safe: Path, kind: str) -> None:
    PLANTED[kind](shared / "copy", safe)
    with pytest.raises(FileExistsError):
        files.copy(safe, shared / "copy")
    assert (safe.read_text(), safe.stat().st_mode & 0o7777) == (KEPT, 0o600)


@pytest.mark.parametrize("kind", [kind for kind in PLANTED if "link" in kind and kind != "hard link"])
def test_no_link_s_target_gets_a_mode(shared: Path, safe: Path, kind: str) -> None:
    PLANTED[kind](shared / "file", safe)
    with pytest.raises(OSError, match=str(shared)):
        files.set_mode(shared / "file", 0o644)
    assert safe.stat().st_mode & 0o7777 == 0o600

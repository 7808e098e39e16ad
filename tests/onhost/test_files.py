"""What others have put where root writes, reads and removes leads nobody astray, and holds nobody up."""

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.onhost import files

KEPT = "root's own"


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    """A file elsewhere, which is to stay as it is."""
    safe = tmp_path / "safe"
    safe.write_text(KEPT)
    safe.chmod(0o600)
    return safe


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A directory in which anybody may write, like one that belongs to an app's user."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    return shared


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


@planted
def test_what_is_removed_is_nothing_else(shared: Path, safe: Path, kind: str) -> None:
    PLANTED[kind](shared / "file", safe)
    files.remove(shared / "file")
    assert not os.path.lexists(shared / "file")
    assert safe.read_text() == KEPT


@planted
def test_nor_below_a_directory_that_is_removed(shared: Path, safe: Path, kind: str) -> None:
    (shared / "tree" / "a" / "b").mkdir(parents=True)
    PLANTED[kind](shared / "tree" / "a" / "b" / "file", safe)
    (shared / "tree" / "elsewhere").symlink_to(safe.parent)
    files.remove(shared / "tree")
    assert list(shared.iterdir()) == []
    assert safe.read_text() == KEPT


@pytest.mark.parametrize(
    "act",
    [
        lambda path: files.write(path, "new"),
        files.read,
        files.remove,
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


def test_a_tree_deeper_than_any_path_is_removed(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    here = os.open(tmp_path / "tree", os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d" * 20, dir_fd=here)
        below = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    files.remove(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_a_tree_of_any_names_is_removed(tmp_path: Path) -> None:
    for name in ("a\nb", "-rf", " ", "\udcff", "..."):
        (tmp_path / "tree" / name / name).mkdir(parents=True)
        (tmp_path / "tree" / name / "file").touch(mode=0)
        (tmp_path / "tree" / name).chmod(0)
    files.remove(tmp_path / "tree")
    files.remove(tmp_path / "tree")
    assert list(tmp_path.iterdir()) == []


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

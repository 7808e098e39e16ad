"""Of an app that is forgotten nothing bears the number that another user gets next."""

import os
import socket
import stat
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.apps.onhost import disown
from deploys.onhost import files

pytestmark = pytest.mark.lab  # for root alone: nothing boots

APP, OTHER = 54_321, 54_322
Make = Callable[[Path], object]


def setuid(path: Path) -> None:
    path.touch()
    os.chown(path, APP, APP)
    path.chmod(0o6755)


def listed(path: Path) -> None:
    """Have an access list by which the number may write, whoever owns it."""
    path.touch()
    entries = ((1, 6, 0xFFFFFFFF), (2, 6, APP), (4, 4, 0xFFFFFFFF), (16, 6, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF))
    content = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    os.setxattr(path, "system.posix_acl_access", content)


KINDS: dict[str, Make] = {
    "a file": Path.touch,
    "a folder": Path.mkdir,
    "a program that runs as its owner": setuid,
    "a file with an access list": listed,
    "a link to what is another's": lambda path: path.symlink_to("../safe"),
    "a link to nothing": lambda path: path.symlink_to("none"),
    "a pipe": os.mkfifo,
    "a socket": lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
}


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    path = tmp_path / "safe"
    path.touch()
    os.chown(path, OTHER, OTHER)
    return path


@pytest.fixture
def folder(tmp_path: Path, safe: Path) -> Path:
    (tmp_path / "uploads").mkdir()
    os.chown(tmp_path / "uploads", APP, APP)
    return tmp_path / "uploads"


def given_up(folder: Path) -> None:
    with files.opened(folder) as top:
        disown.disown(top, APP, APP)


def owners(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_uid, status.st_gid


@pytest.mark.parametrize("kind", KINDS)
def test_all_kinds_become_root_s(folder: Path, safe: Path, kind: str) -> None:
    for path in (folder / "one", folder / "below/one"):
        path.parent.mkdir(exist_ok=True)
        KINDS[kind](path)
        os.chown(path, APP, APP, follow_symlinks=False)
        if kind.startswith("a program"):
            path.chmod(0o6755)
    os.chown(folder / "below", OTHER, APP)
    given_up(folder)
    for path in (folder, folder / "one", folder / "below/one"):
        assert owners(path) == (0, 0), f"{path} was to be root's"
        assert not path.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID)
        if "list" in kind:
            assert not os.listxattr(path, follow_symlinks=False)
    assert owners(folder / "below") == (OTHER, 0)
    assert owners(safe) == (OTHER, OTHER)


def test_what_is_another_s_stays_theirs_with_its_mode(folder: Path) -> None:
    (folder / "theirs").touch()
    os.chown(folder / "theirs", OTHER, OTHER)
    (folder / "theirs").chmod(0o4711)
    given_up(folder)
    assert owners(folder / "theirs") == (OTHER, OTHER)
    assert stat.S_IMODE((folder / "theirs").lstat().st_mode) == 0o4711


@pytest.mark.parametrize("owner", [APP, OTHER])
def test_what_is_too_much_is_closed_or_told_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: int
) -> None:
    monkeypatch.setattr(disown, "MOST", 3)
    for name in "abcd":
        (folder / name).touch()
    os.chown(folder, owner, owner)
    if owner == APP:
        given_up(folder)
        assert owners(folder) == (0, 0)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    else:
        with pytest.raises(OSError, match="more than 3 files"):
            given_up(folder)
        assert owners(folder) == (OTHER, OTHER)

"""Whatever a build has planted where a release is to lead to what outlives it, root goes nowhere else."""

import os
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.onhost import copying, persist
from deploys.onhost import removal
from deploys.places.apps import public_name

pytestmark = pytest.mark.lab  # for root alone: nothing boots

UID, GID = 64001, 64002
KEPT = "root's own"
ROUNDS = 2000

Plant = Callable[[Path, Path], object]
"""Puts something at a path of the release; the second one is of a file that is none of the app's business."""


def setuid(path: Path, safe: Path) -> None:
    path.write_text("#!/bin/sh")
    path.chmod(0o6755)


def directory_of(plant: Plant) -> Plant:
    def planted(path: Path, safe: Path) -> None:
        path.mkdir()
        plant(path / "within", safe)

    return planted


def a_link(path: Path, safe: Path) -> None:
    path.symlink_to(safe)


def a_link_to_a_folder(path: Path, safe: Path) -> None:
    path.symlink_to(safe.parent)


def a_pipe(path: Path, safe: Path) -> None:
    os.mkfifo(path)


def a_device(path: Path, safe: Path) -> None:
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 1))


def a_socket(path: Path, safe: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(str(path))


def a_file(path: Path, safe: Path) -> None:
    path.write_text("the release's")


def a_folder(path: Path, safe: Path) -> None:
    path.mkdir()


REFUSED: dict[str, tuple[str, str, Plant, str]] = {
    "a link to a file": ("data/", "data", a_link, "'data/' is a link in the release"),
    "a link to a folder": ("data/", "data", a_link_to_a_folder, "'data/' is a link in the release"),
    "a link for a file": ("db", "db", a_link, "'db' is a link in the release"),
    "a link on the way": ("a/data/", "a", a_link_to_a_folder, "'a' in it is no directory of the release"),
    "a file on the way": ("a/data/", "a", a_file, "'a' in it is no directory of the release"),
    "a pipe on the way": ("a/data/", "a", a_pipe, "'a' in it is no directory of the release"),
    "a file for a folder": ("data/", "data", a_file, "'data/' is a file in the release"),
    "a folder for a file": ("db", "db", a_folder, "'db' is a directory in the release"),
    "a pipe for a folder": ("data/", "data", a_pipe, "'data/' is a file in the release"),
}
TAKEN: dict[str, tuple[str, str, Plant, list[str]]] = {
    "nothing": ("data/", "other", a_file, []),
    "a folder": ("data/", "data", directory_of(a_file), ["within"]),
    "a file": ("db", "db", a_file, ["db"]),
    "a link to a file within": ("data/", "data", directory_of(a_link), ["within"]),
    "a link to a folder within": ("data/", "data", directory_of(a_link_to_a_folder), ["within"]),
    "a program that runs as its owner": ("data/", "data", directory_of(setuid), ["within"]),
    "a pipe within": ("data/", "data", directory_of(a_pipe), []),
    "a pipe for a file": ("db", "db", a_pipe, []),
    "a socket within": ("data/", "data", directory_of(a_socket), []),
    "a device within": ("data/", "data", directory_of(a_device), []),
}


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    safe = tmp_path / "else" / "safe"
    safe.parent.mkdir()
    safe.write_text(KEPT)
    safe.chmod(0o600)
    return safe


def settle(folder: Path, path: str) -> tuple[Path, Path]:
    """Settle one path, and give where it outlives the release and what the release has there."""
    top, code = folder / "persistent", folder / "code"
    place = top / public_name(path.rstrip("/"))
    target = place if path.endswith("/") else place / Path(path).name
    one: dict[str, Any] = {
        "path": path,
        "is_directory": path.endswith("/"),
        "place": str(place),
        "target": str(target),
    }
    persist.settle(str(code), str(top), [one], UID, GID)
    return place, code / path.rstrip("/")


def untouched(safe: Path) -> bool:
    about = safe.stat()
    return (safe.read_text(), about.st_uid, about.st_mode & 0o7777) == (KEPT, 0, 0o600)


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_lead_elsewhere_is_refused(tmp_path: Path, safe: Path, case: str) -> None:
    path, at, plant, words = REFUSED[case]
    (tmp_path / "code").mkdir()
    plant(tmp_path / "code" / at, safe)
    with pytest.raises(SystemExit) as refusal:
        settle(tmp_path, path)
    assert words in str(refusal.value)
    assert untouched(safe)
    assert os.listdir(safe.parent) == ["safe"]


@pytest.mark.parametrize("case", TAKEN)
def test_what_a_release_brings_is_the_apps_and_nothing_else_is(tmp_path: Path, safe: Path, case: str) -> None:
    path, at, plant, names = TAKEN[case]
    (tmp_path / "code").mkdir()
    plant(tmp_path / "code" / at, safe)
    place, link = settle(tmp_path, path)
    assert os.readlink(link).startswith(str(place))
    assert sorted(os.listdir(place)) == names
    for each in (place, *(place / name for name in names)):
        about = each.lstat()
        assert (about.st_uid, about.st_gid) == (UID, GID), each
        assert stat.S_ISLNK(about.st_mode) or about.st_mode & 0o7077 == 0, each
    assert untouched(safe)
    assert stat.S_IMODE((tmp_path / "persistent").stat().st_mode) == 0o751


@pytest.mark.parametrize(("more", "is_refused"), [(3, False), (4, False), (5, True), (500, True)])
def test_no_file_fills_the_disk_by_its_many_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, *, is_refused: bool
) -> None:
    """In a release it is there but once; what root makes of it is a file for each name."""
    monkeypatch.setattr(copying, "_MOST_AGAIN", 1 << 20)
    data = tmp_path / "code" / "data"
    data.mkdir(parents=True)
    (data / "large").write_bytes(b"x" * (1 << 18))
    for one in range(more):
        (data / f"again-{one}").hardlink_to(data / "large")
    if is_refused:
        with pytest.raises(SystemExit, match="copied again"):
            settle(tmp_path, "data/")
    else:
        settle(tmp_path, "data/")
    assert os.listdir(tmp_path / "persistent") == ([] if is_refused else [public_name("data")])
    assert len(os.listdir(data)) == more + 1


def test_what_the_app_has_left_there_is_what_the_next_release_gets(tmp_path: Path, safe: Path) -> None:
    (tmp_path / "code" / "data").mkdir(parents=True)
    place, link = settle(tmp_path, "data/")
    (place / "its").write_text("its own")
    (place / "out").symlink_to(safe)
    link.unlink()
    directory_of(a_file)(link, safe)
    again, link = settle(tmp_path, "data/")
    assert again == place
    assert sorted(os.listdir(link)) == ["its", "out"]
    assert untouched(safe)


PLANTED: dict[str, Plant] = {
    "a link to a file": a_link,
    "a link to a folder": a_link_to_a_folder,
    "a hard link": lambda path, safe: path.hardlink_to(safe),
    "a pipe": a_pipe,
    "a device": a_device,
}


@pytest.mark.parametrize("case", PLANTED)
def test_the_proxy_may_read_nothing_by_what_is_planted(tmp_path: Path, safe: Path, case: str) -> None:
    (tmp_path / "media" / "deep").mkdir(parents=True)
    PLANTED[case](tmp_path / "media" / "deep" / "planted", safe)
    (tmp_path / "media" / "picture").write_text("a picture")
    persist.publish(str(tmp_path / "media"), UID)
    assert os.listxattr(tmp_path / "media" / "picture") == ["system.posix_acl_access"]
    assert untouched(safe)
    assert [each for at in (safe, safe.parent) for each in os.listxattr(at)] == []


@pytest.mark.parametrize("case", PLANTED)
def test_a_user_of_another_number_gets_what_was_the_former_s_alone(
    tmp_path: Path, safe: Path, case: str
) -> None:
    (tmp_path / "code").mkdir()
    place, link = settle(tmp_path, "data/")
    (place / "its").write_text("its own")
    PLANTED[case](place / "planted", safe)
    for each in (place, place / "its"):
        os.chown(each, UID + 1, GID)
    link.unlink()
    settle(tmp_path, "data/")
    assert (place / "its").stat().st_uid == UID
    assert untouched(safe)


def test_all_of_it_is_the_users_again_whoever_has_brought_it_back(tmp_path: Path) -> None:
    """As a backup that root has restored, with the numbers of another machine below."""
    (tmp_path / "code").mkdir()
    place, link = settle(tmp_path, "data/")
    (place / "deep").mkdir()
    (place / "deep" / "its").write_text("its own")
    (place / "link").symlink_to("deep/its")
    theirs = {place: 0, place / "deep": UID + 1, place / "deep" / "its": UID + 2, place / "link": UID + 3}
    for each, number in theirs.items():
        os.chown(each, number, number, follow_symlinks=False)
    (place / "deep" / "its").chmod(0o4640)
    link.unlink()
    settle(tmp_path, "data/")
    assert {each: (each.lstat().st_uid, each.lstat().st_gid) for each in theirs} == dict.fromkeys(
        theirs, (UID, GID)
    )
    assert stat.S_IMODE((place / "deep" / "its").stat().st_mode) == 0o640


FLIPS: dict[str, tuple[Plant, Plant]] = {
    "a file and a link": (a_file, a_link),
    "a file and a socket": (a_file, a_socket),
    "a file and a pipe": (a_file, a_pipe),
    "a folder and a link": (a_folder, a_link_to_a_folder),
    "a folder and a file": (a_folder, a_file),
    "a folder and nothing": (a_folder, lambda path, safe: None),
}


@pytest.mark.parametrize("case", FLIPS)
def test_what_the_app_puts_in_another_s_place_meanwhile_is_passed_over(
    tmp_path: Path, safe: Path, case: str
) -> None:
    """Else a release would end before the traffic moves, as an upload comes in."""
    media, ready, stop = tmp_path / "media", tmp_path / "ready", threading.Event()
    media.mkdir()
    flipping = media / "m"

    def flip() -> None:
        while not stop.is_set():
            for plant in FLIPS[case]:
                plant(ready, safe)
                if flipping.is_dir() or not ready.exists() or ready.is_dir():
                    removal.remove(flipping)
                if os.path.lexists(ready):
                    ready.rename(flipping)

    thread = threading.Thread(target=flip)
    thread.start()
    try:
        for _ in range(ROUNDS):
            os.removexattr(media, "system.posix_acl_default") if os.listxattr(media) else None
            persist.publish(str(media), UID)
    finally:
        stop.set()
        thread.join()
    assert untouched(safe)
    assert [each for at in (safe, safe.parent) for each in os.listxattr(at)] == []

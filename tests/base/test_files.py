"""What runs on the host to look at files and to write them, run here on a temporary directory."""

import getpass
import grp
import os
from pathlib import Path

import pytest

from deploys.base.files import File, plain, unit_at
from deploys.base.onhost.files import look, main

USER = getpass.getuser()
GROUP = grp.getgrgid(os.getgid()).gr_name


def file(path: Path, content: str = "one\n", mode: int = 0o640) -> File:
    return File(str(path), content, mode, USER, GROUP)


def test_a_written_file_is_found_as_it_was_wanted(tmp_path: Path) -> None:
    wanted = file(tmp_path / "deep" / "er" / "file")
    found = main({"write": [plain(wanted)], "look": [wanted.path], "contents": [wanted.path]})["files"]
    assert wanted.is_as(found[wanted.path])
    assert found[wanted.path]["content"] == "one\n"
    assert os.listdir(tmp_path / "deep" / "er") == ["file"]


def test_each_difference_is_noticed(tmp_path: Path) -> None:
    wanted = file(tmp_path / "file")
    found = main({"write": [plain(wanted)], "look": [wanted.path]})["files"][wanted.path]
    others = [
        file(tmp_path / "file", content="two\n"),
        file(tmp_path / "file", mode=0o600),
        File(wanted.path, "one\n", 0o640, "nobody", GROUP),
        File(wanted.path, "one\n", 0o640, USER, "nogroup"),
    ]
    assert [other.is_as(found) for other in others] == [False] * 4
    assert not wanted.is_as(None)


def test_what_is_no_file_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    paths = [str(tmp_path / "link"), str(tmp_path), str(tmp_path / "missing")]
    assert look(paths) == dict.fromkeys(paths)


def test_a_link_is_replaced_and_what_it_led_to_is_kept(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("theirs\n")
    (tmp_path / "file").symlink_to(tmp_path / "target")
    main({"write": [plain(file(tmp_path / "file"))]})
    assert (tmp_path / "target").read_text() == "theirs\n"
    assert (tmp_path / "file").read_text() == "one\n"


def test_removal_can_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    for _ in range(2):
        assert main({"remove": [str(path)], "look": [str(path)]})["files"] == {str(path): None}


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("/etc/systemd/system/gatehouse-watch.timer", "gatehouse-watch.timer"),
        ("/etc/systemd/system/gatehouse.alert@.service", "gatehouse.alert@*.service"),
        ("/etc/systemd/system/certbot.service.d/gatehouse.conf", "certbot.service"),
        ("/etc/systemd/system/gatehouse-.service.d/alert.conf", "gatehouse-*.service"),
        ("/etc/gatehouse/watch.json", None),
    ],
)
def test_the_units_that_a_file_has_a_part_in(path: str, unit: str | None) -> None:
    assert unit_at(path) == unit

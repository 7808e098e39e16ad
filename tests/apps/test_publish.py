"""What of a release gets where the proxy may read it, whatever its build has planted."""

import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from deploys.apps.onhost import publish
from deploys.places.apps import public_name


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An app's home, with somebody else's file beside it."""
    (tmp_path / "else" / "folder").mkdir(parents=True)
    (tmp_path / "else" / "folder" / "key.txt").write_text("hunter2")
    (tmp_path / "else" / "link").symlink_to("folder")
    home = tmp_path / "shop"
    home.mkdir(mode=0o750)
    return home


def release(home: Path, number: int, **files: str) -> Path:
    made = home / "releases" / str(number)
    for name, content in {"code/app.py": "source", "code/static/own.css": "own", **files}.items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(0o640)
    return made


def switch(home: Path, number: int, *folders: str) -> None:
    made = home / "releases" / str(number)
    publish.publish(current(home), made, {public_name(folder): folder for folder in folders or ("static",)})
    publish.point(current(home), made)


def current(home: Path) -> Path:
    return home / "public" / "current"


def answered(home: Path, folder: str = "static") -> dict[str, str]:
    """Read what the proxy answers, as whoever may read all that anyone may."""
    place = current(home) / public_name(folder)
    files = [path for path in place.rglob("*") if not path.is_dir()]
    for path in files:
        assert stat.S_ISREG(path.lstat().st_mode), f"{path} is no regular file"
        assert path.stat().st_mode & 0o777 == 0o644, f"{path} is not what anyone may read and only root write"
    return {str(path.relative_to(place)): path.read_text() for path in files}


Plant = Callable[[Path], object]
"""Changes a release that is given by its place."""


def link(to: str, name: str = "code/static/planted") -> Plant:
    def plant(made: Path) -> None:
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(to.replace("@", str(made.parents[2])))

    return plant


def instead(name: str, to: str) -> Plant:
    """Have a link stand where the folder itself was."""

    def plant(made: Path) -> None:
        (made / name).rename(made / f"{name}.moved")
        link(to, name)(made)

    return plant


def special(kind: int, device: int = 0, name: str = "code/static/planted") -> Plant:
    return lambda made: os.mknod(made / name, 0o644 | kind, device)


def both(*plants: Plant) -> Plant:
    return lambda made: [plant(made) for plant in plants]


PLANTED: dict[str, tuple[Plant, dict[str, str]]] = {
    "a link to another's file": (link("@/else/folder/key.txt"), {}),
    "a link to another's folder": (link("@/else/folder"), {}),
    "a link by a link": (link("@/else/link/key.txt"), {}),
    "a link of links": (both(link("two"), link("@/else/folder", "code/static/two")), {}),
    "a relative link": (link("../../../../../else/folder/key.txt"), {}),
    "a link to the machine's": (link("/etc/passwd"), {}),
    "a link to the root": (link("/"), {}),
    "a link to the former release": (link("@/shop/releases/1/code/app.py"), {}),
    "a link to what is the process's": (link("/proc/self/environ"), {}),
    "a link to nothing": (link("nowhere"), {}),
    "a link to itself": (link("planted"), {}),
    "a link to its own folder": (link("."), {}),
    "a link up": (link(".."), {"planted/app.py": "source"}),
    "a pipe": (special(stat.S_IFIFO), {}),
    "a device": (special(stat.S_IFCHR, os.makedev(1, 5)), {}),
    "a socket": (special(stat.S_IFSOCK), {}),
    "a link to a pipe": (both(special(stat.S_IFIFO, name="code/pipe"), link("../pipe")), {}),
    "a link to a file of the release": (link("../app.py"), {"planted": "source"}),
    "a link to a folder of the release": (link("../../venv/static"), {"planted/admin.css": "admin"}),
    "a name of many lines": (
        lambda made: (made / "code/static/a\n--> b\x1b]0;c").write_text("d"),
        {"a\n--> b\x1b]0;c": "d"},
    ),
    "the folder as a link to a folder of the release": (instead("code/static", "static.moved"), {}),
}


@pytest.mark.parametrize("case", PLANTED)
def test_what_a_build_planted_gets_nothing_of_others(home: Path, case: str) -> None:
    plant, published = PLANTED[case]
    release(home, 1)
    made = release(home, 2, **{"venv/static/admin.css": "admin"})
    plant(made)
    switch(home, 2)
    assert answered(home) == {"own.css": "own", **published}


@pytest.mark.parametrize(
    "plant",
    [
        instead("code/static", "@/else/folder"),
        instead("code/static", "/etc"),
        instead("code", "@/else"),
        instead("code/static", "nowhere"),
    ],
    ids=["to another's", "to the machine's", "the code itself", "to nothing"],
)
def test_a_folder_that_leads_elsewhere_is_empty(home: Path, plant: Plant) -> None:
    plant(release(home, 2))
    switch(home, 2)
    assert answered(home) == {}


def test_a_folder_that_is_not_there_is_empty(home: Path) -> None:
    release(home, 1)
    switch(home, 1, "none")
    assert answered(home, "none") == {}
    assert publish.published(current(home), 1) == ["none"]


def test_links_one_behind_the_other_are_followed_as_far_as_by_anybody(home: Path) -> None:
    made = release(home, 1)
    folder = made / "code" / "static"
    (folder / "link-0").symlink_to("own.css")
    for number in range(1, 3_000):
        (folder / f"link-{number}").symlink_to(f"link-{number - 1}")
    switch(home, 1)
    found = answered(home)
    assert found["link-10"] == "own"
    assert "link-100" not in found


def test_a_file_of_many_names_that_has_to_be_copied_is_copied_once(tmp_path: Path) -> None:
    made = release(tmp_path / "shop", 1)
    for number in range(50):
        (made / "code" / "static" / f"link-{number}").symlink_to("own.css")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other_disk:  # a disk of its own
        published = Path(other_disk, "public", "current")
        assert os.stat(other_disk).st_dev != made.stat().st_dev
        publish.publish(published, made, {"static": "static"})
        found = [*published.with_name("1").rglob("*.css"), *published.with_name("1").rglob("link-*")]
        assert len(found) == 51
        assert {path.stat().st_nlink for path in found} == {51}


def test_a_file_with_as_many_names_as_it_can_have_is_copied_once_for_all_the_others(tmp_path: Path) -> None:
    """How many that are is the file system's: ext4 takes 65,000, and others any number."""
    made = release(tmp_path / "shop", 1, **{"code/names/0": "own"})
    with suppress(OSError):
        for number in range(1, 70_000):
            os.link(made / "code/names/0", made / f"code/names/{number}")
    is_full = not (made / "code/names/69999").exists()
    for number in range(50):
        (made / "code" / "static" / f"link-{number}").symlink_to("../names/0")
    switch(tmp_path / "shop", 1)
    place = current(tmp_path / "shop") / public_name("static")
    assert {path.stat().st_nlink for path in place.glob("link-*")} == {50 if is_full else 70_050}


def test_what_cannot_be_published_takes_no_room(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_MOST", 3)
    made = release(home, 1, **{f"code/static/{number}": "many" for number in range(5)})
    with pytest.raises(SystemExit, match="more than 3 files"):
        switch(home, 1)
    assert [*(home / "public" / made.name).rglob("*")] == []


def test_links_without_end_are_refused_in_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = release(home, 1)
    for level in range(20):
        folder = made / f"code/{level}"
        folder.mkdir()
        for way in "ab":
            (folder / way).symlink_to(f"../{level + 1}")
    (made / "code/20").mkdir()
    monkeypatch.setattr(publish, "_MOST", 1000)
    with pytest.raises(SystemExit, match="cannot be published: it has more than 1000 files"):
        switch(home, 1, "0")
    assert not (home / "public" / "current").exists()


def test_no_other_file_of_the_release_can_be_reached(home: Path) -> None:
    release(home, 1)
    switch(home, 1)
    assert home.stat().st_mode & 0o007 == 0o001
    assert [path.name for path in (home / "public" / "1").iterdir()] == ["static"]


def test_a_folder_within_another_is_a_place_of_its_own(home: Path) -> None:
    release(home, 1, **{"code/static/sub/x.css": "x"})
    switch(home, 1, "static", "static/sub")
    assert answered(home) == {"own.css": "own", "sub/x.css": "x"}
    assert answered(home, "static/sub") == {"x.css": "x"}


def test_hashed_files_of_the_former_release_stay_for_one_more(home: Path) -> None:
    pages = {"code/static/index.html": "page", "code/static/notes.txt": "notes"}
    release(home, 1, **pages, **{"code/static/assets/app-3f2a1b9c.js": "1", "code/static/app.js": "1"})
    release(home, 2, **{"code/static/assets/app-77aa01bc.js": "2", "code/static/app.js": "2"})
    release(home, 3, **{"code/static/assets/app-9012cdef.js": "3"})
    own = {"own.css": "own"}
    switch(home, 1)
    switch(home, 2)
    second = {"assets/app-77aa01bc.js": "2", "app.js": "2", "assets/app-3f2a1b9c.js": "1"}
    assert answered(home) == own | second
    switch(home, 3)
    assert answered(home) == own | {"assets/app-9012cdef.js": "3", "assets/app-77aa01bc.js": "2"}
    switch(home, 2)
    assert answered(home) == own | second | {"assets/app-9012cdef.js": "3"}


def test_what_is_a_file_in_one_release_may_be_a_folder_in_the_other(home: Path) -> None:
    release(home, 1, **{"code/static/a-01234567.js/b-01234567.js": "1", "code/static/c-01234567.js": "1"})
    release(home, 2, **{"code/static/a-01234567.js": "2", "code/static/c-01234567.js/d-01234567.js": "2"})
    switch(home, 1)
    switch(home, 2)
    assert answered(home) == {
        "own.css": "own",
        "a-01234567.js": "2",
        "c-01234567.js/d-01234567.js": "2",
    }


def test_what_was_cut_off_is_made_anew(home: Path) -> None:
    release(home, 1)
    half = home / "public" / "1" / "@unfinished"
    half.mkdir(parents=True)
    (half / "half.css").touch()
    switch(home, 1)
    assert answered(home) == {"own.css": "own"}


def test_another_device_gets_copies_with_the_time_of_the_original(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = release(home, 1)
    os.utime(made / "code/static/own.css", (1_000_000, 1_000_000))

    def across(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", across)
    switch(home, 1)
    assert answered(home) == {"own.css": "own"}
    assert (home / "public/current/static/own.css").stat().st_mtime == 1_000_000


def test_what_is_public_is_known_of_the_current_release_alone(home: Path) -> None:
    release(home, 1)
    assert publish.published(current(home), 1) == []
    switch(home, 1)
    assert publish.published(current(home), 1) == ["static"]
    assert publish.published(current(home), 2) == []


def test_a_release_that_goes_is_public_no_more(home: Path) -> None:
    release(home, 1)
    switch(home, 1)
    publish.forget(current(home), 1)
    assert not (home / "public" / "1").exists()


def test_an_app_without_files_has_nothing_public(home: Path) -> None:
    made = release(home, 1)
    publish.publish(current(home), made, {})
    publish.point(current(home), made)
    assert not (home / "public").exists()
    assert home.stat().st_mode & 0o777 == 0o750

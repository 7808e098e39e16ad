"""The files of an image, whatever it is made of: room is made among them, and nowhere else."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.apps.podman.layout import make_room, within


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    return tmp_path / "root"


def test_there_is_room_for_what_is_covered(root: Path) -> None:
    make_room(root, ["/var/lib/app-shop", "/app/data"])
    for folder in ("dev", "etc", "proc", "run", "sys", "tmp", "var/tmp", "var/lib/app-shop", "app/data"):
        assert (root / folder).is_dir(), folder
    assert {path.name for path in (root / "etc").iterdir()} == {"hosts", "hostname", "resolv.conf", "mtab"}


@pytest.mark.parametrize(
    ("link", "to", "made"),
    [
        ("etc", "{outside}", "{root}{outside}/hosts"),
        ("etc", "/{outside}", "{root}{outside}/hosts"),
        ("etc", "../../../../{outside}", "{root}{outside}/hosts"),
        ("etc", "/usr/etc", "{root}/usr/etc/hosts"),
        ("etc", "usr/etc", "{root}/usr/etc/hosts"),
        ("var", "{outside}", "{root}{outside}/tmp"),
        ("run", "/var/run", "{root}/var/run"),
        ("app", "{outside}", "{root}{outside}/data"),
    ],
)
def test_a_link_leads_from_the_images_own_root(root: Path, link: str, to: str, made: str) -> None:
    outside = root.parent / "outside"
    (root / link).symlink_to(to.format(outside=outside))
    make_room(root, ["/app/data"])
    assert Path(made.format(root=root, outside=outside)).exists()
    assert list(outside.iterdir()) == []


def test_a_file_of_the_machines_is_not_written_through_a_link(root: Path) -> None:
    hosts = root.parent / "outside" / "hosts"
    hosts.write_text("the machine's")
    (root / "etc").mkdir()
    (root / "etc/hosts").symlink_to(hosts)
    make_room(root, [])
    assert not (root / "etc/hosts").is_symlink()
    assert hosts.read_text() == "the machine's"


@pytest.mark.parametrize(("name", "to"), [("etc", "etc"), ("dev", "/dev"), ("var", "run"), ("run", "var")])
def test_a_link_without_end_is_told_in_a_line(root: Path, name: str, to: str) -> None:
    (root / name).symlink_to(to)
    (root / {"var": "run", "run": "var"}.get(name, "other")).symlink_to(name)
    with pytest.raises(SystemExit, match=r"the image cannot be run: /\S+ in it is a link without end"):
        make_room(root, [])


def test_a_file_where_a_folder_is_to_be_is_told_in_a_line(root: Path) -> None:
    (root / "app").write_text("")
    with pytest.raises(
        SystemExit, match=r"the image cannot be run: .*/app/data cannot be made: Not a directory"
    ):
        make_room(root, ["/app/data"])


def test_what_is_no_file_goes_and_what_is_closed_is_opened_to_its_owner(root: Path) -> None:
    (root / "closed").mkdir()
    os.mkfifo(root / "closed/pipe")
    (root / "closed").chmod(0)
    (root / "beside").symlink_to(root.parent / "outside")
    (root.parent / "outside").chmod(0o500)
    make_room(root, [])
    assert (root / "closed").stat().st_mode & 0o700 == 0o700
    assert not (root / "closed/pipe").exists()
    assert (root.parent / "outside").stat().st_mode & 0o777 == 0o500, "expected no link to be followed"


PARTS = st.lists(st.sampled_from(["a", "b", "..", "/", "c"]), min_size=1, max_size=5).map("/".join)


@given(links=st.dictionaries(st.sampled_from(["a", "b", "c", "d/a", "d/b"]), PARTS), path=PARTS)
def test_no_path_leads_out(
    tmp_path_factory: pytest.TempPathFactory, links: dict[str, str], path: str
) -> None:
    root = tmp_path_factory.mktemp("root")
    (root / "d").mkdir()
    for name, to in links.items():
        (root / name).symlink_to(to)
    try:
        found = within(root, path)
    except SystemExit:
        return
    assert found == root or root in found.parents
    assert ".." not in found.parts
    assert not any(each.is_symlink() for each in (found, *found.parents) if root in each.parents)

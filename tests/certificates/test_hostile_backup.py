"""A backup that somebody else has made writes nothing but the account and the certificates."""

import base64
import io
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from deploys.certificates.onhost import archive

LIVE, ARCHIVE = "etc/letsencrypt/live", "etc/letsencrypt/archive"


class Member(NamedTuple):
    """What a backup has under a name."""

    name: str
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644
    content: bytes = b"planted"


def link(name: str, target: str) -> Member:
    return Member(name, tarfile.SYMTYPE, target, content=b"")


def directory(name: str, mode: int = 0o755) -> Member:
    return Member(name, tarfile.DIRTYPE, mode=mode, content=b"")


def packed(*members: Member) -> dict[str, str]:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for one in members:
            entry = tarfile.TarInfo(one.name)
            entry.type, entry.linkname, entry.mode, entry.size = (
                one.kind,
                one.target,
                one.mode,
                len(one.content),
            )
            entry.uid = entry.gid = 1234
            entry.uname = entry.gname = "nobody"
            tar.addfile(entry, io.BytesIO(one.content))
    return {"archive": base64.b64encode(stream.getvalue()).decode()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A server, with a folder of root's in which nothing is to be written."""
    (tmp_path / "server/root").mkdir(parents=True)
    return tmp_path / "server"


HOSTILE: dict[str, tuple[Member, ...]] = {
    "a link further up, and a file behind it": (
        link(f"{LIVE}/x", "../../../root"),
        Member(f"{LIVE}/x/.ssh/authorized_keys"),
    ),
    "a link after the file behind it": (Member(f"{LIVE}/x/key"), link(f"{LIVE}/x", "../../../root")),
    "a link within, and a file behind it": (link(f"{LIVE}/x", "../archive"), Member(f"{LIVE}/x/key")),
    "a link in two steps": (
        link(f"{LIVE}/a", "../archive/b/c"),
        link(f"{LIVE}/x", "a/../../../../../root"),
    ),
    "a link to another part of /etc": (link(f"{LIVE}/x/y.pem", "../../../shadow"),),
    "a link to a folder of certbot's that is none of ours": (link(f"{LIVE}/x", "../renewal-hooks"),),
    "an absolute link": (link(f"{LIVE}/x", "/root"),),
    "a link to nothing": (link(f"{LIVE}/x", ""),),
    "a part that is a link": (link(LIVE, "../../root"), Member(f"{LIVE}/key")),
    "a hard link": (Member(f"{LIVE}/x", tarfile.LNKTYPE, "root/key", content=b""),),
    "a hard link within": (
        Member(f"{ARCHIVE}/key"),
        Member(f"{LIVE}/x", tarfile.LNKTYPE, f"{ARCHIVE}/key", content=b""),
    ),
    "a pipe": (Member(f"{LIVE}/x", tarfile.FIFOTYPE, content=b""),),
    "a device": (Member(f"{LIVE}/x", tarfile.CHRTYPE, content=b""),),
    "a name above": (Member(f"{LIVE}/../../../root/key"),),
    "an absolute name": (Member("/root/key"),),
    "a name besides": (Member("etc/letsencrypt/renewal-hooks/deploy/x"),),
    "a name that begins as ours does": (Member("etc/letsencrypt/lively"),),
    "one name twice": (directory(f"{LIVE}/x"), link(f"{LIVE}/x", "../archive"), Member(f"{LIVE}/y")),
    "a directory over a link": (link(f"{LIVE}/x", "../archive"), directory(f"{LIVE}/x", 0o777)),
}


@pytest.mark.parametrize("way", HOSTILE)
def test_it_is_refused_before_anything_is_written(root: Path, way: str) -> None:
    with pytest.raises(
        SystemExit, match=r"^the backup holds [^\n]*, which [^\n]*: remove it, and back up again$"
    ):
        archive.main({"root": str(root), **packed(Member(f"{ARCHIVE}/first"), *HOSTILE[way])})
    assert [str(path.relative_to(root)) for path in root.rglob("*")] == ["root"], "nothing was to be written"


def a_link(path: Path) -> None:
    path.symlink_to(path.parents[3] / "root")


def a_link_to_a_file(path: Path) -> None:
    (path.parents[3] / "root/kept").write_text("root's own")
    path.symlink_to("../../../root/kept")


@pytest.mark.parametrize(
    ("plant", "member", "refused"),
    [
        (a_link, Member(f"{LIVE}/x/key"), True),
        (a_link, directory(f"{LIVE}/x"), True),
        (a_link, Member(f"{LIVE}/x"), False),
        (a_link_to_a_file, Member(f"{LIVE}/x"), False),
        (a_link_to_a_file, link(f"{LIVE}/x", "../archive/first"), False),
        (Path.mkdir, Member(f"{LIVE}/x"), True),
        (Path.mkdir, link(f"{LIVE}/x", "../archive/first"), True),
        (Path.touch, Member(f"{LIVE}/x/key"), True),
    ],
)
def test_what_the_server_has_there_is_neither_followed_nor_written_through(
    root: Path, plant: Callable[[Path], object], member: Member, *, refused: bool
) -> None:
    (root / LIVE).mkdir(parents=True)
    plant(root / LIVE / "x")
    before = {path: path.read_text() for path in (root / "root").iterdir()}
    restore = {"root": str(root), **packed(member)}
    if refused:
        with pytest.raises(
            SystemExit, match=f"^{root / LIVE / 'x'} is (no|a) directory, which .*: remove it$"
        ):
            archive.main(restore)
    else:
        archive.main(restore)
    assert {path: path.read_text() for path in (root / "root").iterdir()} == before


@pytest.mark.parametrize(
    ("given", "mode"), [(0o6777, 0o755), (0o600, 0o600), (0o644, 0o644), (0o666, 0o644), (0, 0o600)]
)
def test_what_is_unpacked_is_root_s_and_nobody_else_s_to_write(root: Path, given: int, mode: int) -> None:
    archive.main(
        {"root": str(root), **packed(directory(LIVE, given | 0o1000), Member(f"{LIVE}/x", mode=given))}
    )
    for path, wanted in ((root / LIVE, mode | 0o700), (root / LIVE / "x", mode)):
        status = path.lstat()
        assert (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) == (
            wanted,
            os.getuid(),
            os.getgid(),
        )


def test_certbot_s_own_links_come_back(root: Path) -> None:
    members = (
        Member(f"{ARCHIVE}/a/privkey1.pem", mode=0o600),
        link(f"{LIVE}/a/privkey.pem", "../../archive/a/privkey1.pem"),
        link(f"{LIVE}/b", "a"),
    )
    for _ in ("a first time", "again"):
        archive.main({"root": str(root), **packed(*members)})
    assert (root / LIVE / "a/privkey.pem").read_text() == "planted"


def test_what_could_not_be_unpacked_is_not_packed(root: Path) -> None:
    for name in ("accounts/ca/regr.json", "renewal/a.conf", "live/a/README"):
        (root / "etc/letsencrypt" / name).parent.mkdir(parents=True)
        (root / "etc/letsencrypt" / name).touch()
    (root / LIVE / "a/key.pem").symlink_to("/root/key.pem")
    with pytest.raises(SystemExit, match=r"live/a/key\.pem, which is a link to /root/key\.pem, out of them"):
        archive.main({"root": str(root)})

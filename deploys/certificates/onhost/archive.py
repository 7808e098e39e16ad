"""On the host: pack what the CA knows us by, and unpack it on a server that is built anew."""

import base64
import io
import os
import posixpath
import sys
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploys.onhost import files, paths, words

PARTS = (
    "etc/letsencrypt/accounts",
    "etc/letsencrypt/archive",
    "etc/letsencrypt/live",
    "etc/letsencrypt/renewal",
    "var/lib/gatehouse/acme-account.json",
)
NOTHING = "there is no account and certificate of a CA's to back up yet"


def main(argument: "dict[str, Any]") -> "dict[str, str]":
    """Pack, or with an `archive` unpack, and return what was packed.

    Args:
        argument: `root`, below which all is; `archive`, a gzipped tar in base64, or none.

    Raises:
        SystemExit: there is nothing to pack, or the archive holds what is none of ours.

    """
    root = Path(argument["root"])
    if argument.get("archive"):
        _unpack(root, base64.b64decode(argument["archive"]))
        return {}
    return {"archive": base64.b64encode(_pack(root)).decode()}


def _pack(root: Path) -> bytes:
    account = any((root / "etc/letsencrypt/accounts").glob("**/regr.json"))
    if not account or not any((root / "etc/letsencrypt/renewal").glob("*.conf")):
        sys.exit(NOTHING)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for part in PARTS:
            if (root / part).exists():
                tar.add(root / part, arcname=part)
        # Or it would be found out when the server is gone.
        _refuse_strays(tar.getmembers())
    return stream.getvalue()


def _unpack(root: Path, data: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        members = tar.getmembers()
        _refuse_strays(members)
        _refuse_in_the_way(root, members)
        for member in members:
            content = tar.extractfile(member) if member.isfile() else None
            _put(root / member.name, member, content.read() if content else b"")


def _refuse_strays(members: "list[tarfile.TarInfo]") -> None:
    """See that all of it lies in our places, and that no link leads out of them, or to where more is put."""
    links = {member.name for member in members if member.issym()}
    seen: set[str] = set()
    for member in members:
        name = member.name
        if why := _problem(member):
            _refuse(name, why)
        if name in seen:
            _refuse(name, "is in it twice")
        if link := next((str(above) for above in Path(name).parents if str(above) in links), None):
            _refuse(name, f"is behind the link {words.shown(link, 200)}")
        seen.add(name)


def _problem(member: tarfile.TarInfo) -> "str | None":
    if member.name != posixpath.normpath(member.name) or not _is_ours(member.name):
        return "is none of ours"
    if not (member.isfile() or member.isdir() or member.issym()):
        return "is no file, directory or symbolic link"
    if member.size > files.MOST:
        return f"has more than {files.MOST >> 20} MB"
    if member.issym():
        # Beyond a name, `..` could lead up from where that leads as a link.
        steps = member.linkname.split("/")
        goes_up_later = ".." in steps[next((at for at, step in enumerate(steps) if step != ".."), 0) :]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(member.name), member.linkname))
        if not member.linkname or goes_up_later or not _is_ours(target):
            return f"is a link to {words.shown(member.linkname, 200)}, out of them"
    return None


def _is_ours(name: str) -> bool:
    return any(name == part or name.startswith(f"{part}/") for part in PARTS)


def _refuse(name: str, why: str) -> None:
    sys.exit(f"the backup holds {words.shown(name, 200)}, which {why}: remove it, and back up again")


def _refuse_in_the_way(root: Path, members: "list[tarfile.TarInfo]") -> None:
    """See that the server has no link where a directory is to be, and no directory where a file is."""
    for member in members:
        directories = [above for above in map(str, Path(member.name).parents) if _is_ours(above)]
        for name in [*directories, *([member.name] if member.isdir() else [])]:
            if os.path.lexists(root / name) and ((root / name).is_symlink() or not (root / name).is_dir()):
                sys.exit(f"{root / name} is no directory, which the backup has there: remove it")
        if not member.isdir() and (root / member.name).is_dir() and not (root / member.name).is_symlink():
            sys.exit(f"{root / member.name} is a directory, which the backup has none of there: remove it")


def _put(path: Path, member: tarfile.TarInfo, content: bytes) -> None:
    """Put one of the backup's there, as root's; of its mode nothing counts that lets others in further."""
    if member.isdir():
        files.make_directory(path, member.mode & 0o755 | 0o700)
    elif member.isfile():
        files.write(path, content, member.mode & 0o755 | 0o600)
    else:
        with paths.parent(path, make=True) as (directory, name):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=directory)
            os.symlink(member.linkname, name, dir_fd=directory)

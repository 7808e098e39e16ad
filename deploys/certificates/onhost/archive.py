"""On the host: pack what the CA knows us by, and unpack it on a server that is built anew."""

import base64
import io
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

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
    return stream.getvalue()


def _unpack(root: Path, data: bytes) -> None:
    os.umask(0o022)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        # Python 3.14's default would open root's own directories to all; what is unpacked is checked here.
        tar.extraction_filter = lambda member, _: member
        for member in tar:
            inside = any(member.name == part or member.name.startswith(f"{part}/") for part in PARTS)
            leaves = ".." in Path(member.name).parts or member.linkname.startswith("/")
            if not inside or leaves or not (member.isfile() or member.isdir() or member.issym()):
                sys.exit(f"the backup holds {member.name}, which is none of ours")
            target = root / member.name
            for parent in reversed(target.relative_to(root).parents):
                if not (root / parent).exists():
                    (root / parent).mkdir(mode=0o755)
            if target.is_symlink():
                target.unlink()
            tar.extract(member, root)

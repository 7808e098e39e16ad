"""On the host: configurations of Traefik, each a tree that never changes, and the link to the live one."""

import hashlib
import os
from pathlib import Path

from deploys.onhost import files
from deploys.proxies.traefik.onhost import where

_UNFINISHED = where.TREES / ".unfinished"


def digest(content: dict[str, str]) -> str:
    """Name a tree by its contents."""
    sums = (f"{path} {hashlib.sha256(content[path].encode()).hexdigest()}\n" for path in sorted(content))
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:16]


def live() -> "Path | None":
    """Follow the link to the tree that is live."""
    tree = Path(os.path.realpath(where.LIVE))
    return tree if where.LIVE.is_symlink() and tree.parent == where.TREES and tree.is_dir() else None


def read(tree: "Path | None") -> dict[str, str]:
    """Read a tree's files; none, where there is no tree."""
    found = sorted(path for path in tree.rglob("*") if path.is_file()) if tree else []
    return {str(path.relative_to(tree)): files.text(path) for path in found if tree}


def write(content: dict[str, str]) -> Path:
    """Write a tree beside the others, unless it is there already."""
    tree = where.TREES / digest(content)
    if read(tree) != content:
        files.remove(tree)
        files.remove(_UNFINISHED)
        for path, text in content.items():
            files.write(_UNFINISHED / path, text)
        _UNFINISHED.rename(tree)
        sync(where.TREES)
    return tree


def point(tree: "Path | None") -> None:
    """Have the link name a tree, by one rename; or have none."""
    if tree is None:
        files.remove(where.LIVE)
    else:
        new = where.LIVE.with_name(f".{where.LIVE.name}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(tree.relative_to(where.FOLDER))
        new.rename(where.LIVE)
    sync(where.FOLDER)


def prune(former: "Path | None") -> None:
    """Remove the trees that are neither live nor the one before."""
    kept = {live(), former}
    for name in files.names(where.TREES):
        if where.TREES / name not in kept:
            files.remove(where.TREES / name)


def sync(directory: Path) -> None:
    """Have a directory's entries on the disk for good."""
    with files.opened(directory) as descriptor:
        os.fsync(descriptor)

"""On the host: whole configurations, each a tree that is written once and never changes, one of them live."""

import hashlib
import os
import sys
from pathlib import Path

from deploys.onhost import removal

TREE = "@tree@"
"""Stands for the tree's own path until the tree is written."""


def digest(files: "dict[str, str]") -> str:
    """Name a tree by its contents."""
    sums = (f"{path} {hashlib.sha256(files[path].encode()).hexdigest()}\n" for path in sorted(files))
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:16]


def read(tree: Path) -> "dict[str, str]":
    """Read a tree's files as they were before they had a place."""
    files = {
        path: path.read_text(encoding="utf-8", errors="replace") for path in tree.rglob("*") if path.is_file()
    }
    return {str(path.relative_to(tree)): content.replace(str(tree), TREE) for path, content in files.items()}


def write(trees: Path, files: "dict[str, str]", proxy: str) -> Path:
    """Write a tree beside the others, unless it is there already, and have it on the disk for good.

    Args:
        trees: the directory that has them.
        files: what is in it, by paths below it.
        proxy: whose it is, as a refusal says.

    """
    name = digest(files)
    for tree in (trees / name, *(trees / f"{name}-{number}" for number in range(2, 1000))):
        if tree.is_dir() and read(tree) == files:
            return tree
        if not tree.exists():
            break
    unfinished = trees / ".unfinished"
    removal.remove(unfinished)
    try:
        for path, content in files.items():
            file = unfinished / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w", encoding="utf-8") as stream:
                stream.write(content.replace(TREE, str(tree)))
                stream.flush()
                os.fsync(stream.fileno())
        for directory in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            directory.chmod(0o755)
            sync(directory)
        unfinished.rename(tree)
    except OSError as error:
        removal.remove(unfinished)
        sys.exit(f"{proxy}: nothing was changed, the new configuration cannot be written: {error}")
    sync(trees)
    return tree


def live(link: Path, trees: Path) -> "Path | None":
    """Follow the link to the tree that is live; there is none where it leads anywhere else."""
    tree = Path(os.path.realpath(link))
    return tree if link.is_symlink() and tree.parent == trees and tree.is_dir() else None


def point(link: Path, tree: "Path | None") -> None:
    """Have the link name a tree, by one rename; or have no link."""
    if tree is None:
        link.unlink(missing_ok=True)
    else:
        new = link.with_name(f".{link.name}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(os.path.relpath(tree, link.parent))
        new.rename(link)
    sync(link.parent)


def prune(trees: Path, live: Path, former: "Path | None") -> None:
    """Remove the trees that are neither live nor the last one before."""
    oldest_first = sorted(trees.iterdir(), key=lambda tree: tree.stat().st_mtime)
    others = [tree for tree in oldest_first if tree != live]
    keep = former if former in others else others[-1] if others else None
    for tree in others:
        if tree != keep:
            removal.remove(tree)


def sync(directory: Path) -> None:
    """Have a directory's entries on the disk for good."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

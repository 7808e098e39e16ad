"""On the host: the link to the live one among configurations of Traefik."""

import os
from pathlib import Path

from deploys.proxies.onhost import trees
from deploys.proxies.traefik.onhost import where


def live() -> "Path | None":
    """Follow the link to the tree that is live."""
    tree = Path(os.path.realpath(where.LIVE))
    return tree if where.LIVE.is_symlink() and tree.parent == where.TREES and tree.is_dir() else None


def read_live() -> dict[str, str]:
    """Read the files of the tree that is live; none, where there is no such."""
    tree = live()
    return trees.read(tree) if tree else {}


def point(tree: "Path | None") -> None:
    """Have the link name a tree, by one rename; or have none."""
    if tree is None:
        where.LIVE.unlink(missing_ok=True)
    else:
        new = where.LIVE.with_name(f".{where.LIVE.name}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(tree.relative_to(where.FOLDER))
        new.rename(where.LIVE)
    trees.sync(where.FOLDER)

"""On the host: the link to the live one among configurations of Traefik."""

from typing import TYPE_CHECKING

from deploys.proxies.onhost import trees
from deploys.proxies.traefik.onhost import where

if TYPE_CHECKING:
    from pathlib import Path


def live() -> "Path | None":
    """Follow the link to the tree that is live."""
    return trees.live(where.LIVE, where.TREES)


def read_live() -> dict[str, str]:
    """Read the files of the tree that is live; none, where there is no such."""
    tree = live()
    return trees.read(tree) if tree else {}


def point(tree: "Path | None") -> None:
    """Have the link name a tree, by one rename; or have none."""
    trees.point(where.LIVE, tree)

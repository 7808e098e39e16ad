"""What a dry run shows of a configuration that is a tree of files."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pyinfra import logger
from pyinfra.context import host

from deploys.base.files import File, show

_OURS = "a part of gatehouse's own configuration"


def show_tree(
    trees: Path | str, files: Mapping[str, str], found: Mapping[str, str], same_for_all: Collection[str] = ()
) -> None:
    """Log how each file of a tree will differ from what was found.

    Args:
        trees: where the trees are.
        files: contents by path below the tree, as they are to be.
        found: the same, as they are.
        same_for_all: the paths that say little that is of one server alone: new ones are named only.

    """
    for path, content in files.items():
        if found.get(path) != content:
            before = {"content": found[path]} if path in found else None
            ours = _OURS if path in same_for_all and before is None else ""
            show(File(f"{trees}/…/{path}", content, ours=ours), before)
    for path in found.keys() - files.keys():
        logger.info("%sWill remove %s/…/%s", host.print_prefix, trees, path)

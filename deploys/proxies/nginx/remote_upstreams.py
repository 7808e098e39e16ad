"""On the host: where nginx sends requests to."""

import re
from pathlib import Path

from deploys.proxies.nginx import remote_tree

_UPSTREAM = re.compile(r"^upstream (\S+) \{$", re.MULTILINE)


def main(argument: None) -> list[str]:
    """Name the upstreams of the tree that the next start would read, and of the one that has been read."""
    found = {remote_tree.live_tree(), Path(remote_tree.running())}
    trees = [tree for tree in found if tree and tree.parent == remote_tree.TREES]
    return sorted({name for tree in trees for name in named(remote_tree.read(tree))})


def named(files: dict[str, str]) -> set[str]:
    """Name the upstreams of a tree."""
    return {name for content in files.values() for name in _UPSTREAM.findall(content)}

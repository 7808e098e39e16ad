"""On the host: what nginx needs of apps and certificates."""

import re
from pathlib import Path

from deploys.proxies.nginx.onhost import tree as tree_onhost
from deploys.proxies.onhost import trees

_UPSTREAM = re.compile(r"^upstream (\S+) \{$", re.MULTILINE)
_KEY = re.compile(r"^\s*ssl_certificate_key (/\S+);$", re.MULTILINE)


def main(argument: None) -> dict[str, list[str]]:
    """Look at the tree that the next start would read, and at the one that has been read."""
    found = {tree_onhost.live_tree(), Path(tree_onhost.running())}
    known = [tree for tree in found if tree and tree.parent == tree_onhost.TREES]
    files = [content for tree in known for content in trees.read(tree).values()]
    return {"upstreams": upstreams(files), "certificates": certificates(files)}


def upstreams(files: list[str]) -> list[str]:
    """Name the upstreams of a configuration."""
    return sorted({name for content in files for name in _UPSTREAM.findall(content)})


def certificates(files: list[str]) -> list[str]:
    """List the directories of the certificates of a configuration."""
    return sorted({str(Path(key).parent) for content in files for key in _KEY.findall(content)})

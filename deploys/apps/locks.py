"""What the locks of Poetry, PDM and Pipenv say, in the form that uv reads. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from deploys.apps import formats
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_VERSION = re.compile(r"[0-9][A-Za-z0-9.!+_-]*")
_HASH = re.compile(r"sha\d{3}:[0-9a-f]+")
_ELSEWHERE = {"source", "git", "url", "path", "ref"}
"""Keys of a package that is not from an index."""


def constraints(lock: str, name: str) -> list[str]:
    """Give the versions that a lock of Poetry's or PDM's allows, of what has but one from an index.

    What is not needed is not installed for that: a constraint only says which version it would be.

    Args:
        lock: the lock's text.
        name: its file's name, for the message where it cannot be read.

    Raises:
        Refusal: it cannot be read.

    """
    try:
        packages = formats.objects(formats.toml(lock).get("package"))
    except formats.Unreadable as error:
        raise Refusal(f"{name}: cannot be read: {error}") from None
    found: defaultdict[str, set[str]] = defaultdict(set)
    for package in packages:
        if not _is_elsewhere(package):
            found[str(package.get("name"))].add(str(package.get("version")))
    pinned = ((one, *versions) for one, versions in found.items() if len(versions) == 1)
    return sorted(f"{one}=={version}" for one, version in pinned if _is_plain(one, version))


def requirements(lock: dict[str, Any], name: str) -> list[str]:
    """Give what Pipenv's lock has for production, as lines of a requirements file.

    Args:
        lock: what is in Pipfile.lock.
        name: its file's name, for the message where it has what uv cannot get by it.

    Raises:
        Refusal: a package is not from an index.

    """
    return list(_requirements(lock, name))


def _requirements(lock: dict[str, Any], name: str) -> Iterator[str]:
    for package, entry in sorted(formats.table(lock.get("default")).items()):
        known = formats.table(entry)
        version = str(known.get("version", "")).removeprefix("==")
        if _ELSEWHERE & known.keys() or not _is_plain(package, version):
            raise Refusal(
                f"{name}: {shown(package)!r} is not from an index:"
                " write requirements.txt by `pipenv requirements`,"
                ' and dependencies = {"listed_in": "requirements.txt"}'
            )
        extras = f"[{','.join(found)}]" if (found := formats.texts(known.get("extras"))) else ""
        marker = f" ; {known['markers']}" if known.get("markers") else ""
        hashes = "".join(
            f" --hash={one}" for one in formats.texts(known.get("hashes")) if _HASH.fullmatch(one)
        )
        yield f"{package}{extras}=={version}{marker}{hashes}"


def _is_elsewhere(package: dict[str, Any]) -> bool:
    source = package.get("source", {})
    own = isinstance(source, dict) and source.get("type", "legacy") != "legacy"
    return own or bool(_ELSEWHERE - {"source"} & package.keys())


def _is_plain(name: str, version: str) -> bool:
    return bool(_NAME.fullmatch(name) and _VERSION.fullmatch(version))

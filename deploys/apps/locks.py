"""What the locks of Poetry, PDM and Pipenv say, in the form that uv reads. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deploys.apps import formats
from deploys.apps.asked import NAME
from deploys.apps.extras import extras_of
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_VERSION = re.compile(r"[0-9][A-Za-z0-9.!+_-]*")
_MARKER = re.compile(r"[A-Za-z0-9 ._+*,<>=!~()\"'-]+")
"""What compares a machine's properties, in one line, without a comment (PEP 508)."""
_HASH = re.compile(r"sha\d{3}:[0-9a-f]+")
_REVISION = re.compile(r"[0-9a-f]{40}")
_URL = re.compile(r"(?:https?|git)://[\w.~:/%+-]+", re.ASCII)
"""A repository that a build can fetch, as it has no key."""
_SUBDIRECTORY = re.compile(r"[\w./-]+", re.ASCII)
_ELSEWHERE = {"source", "git", "url", "path", "ref", "file"}
"""Keys of a package that is not from an index."""


@dataclass(frozen=True)
class Locked:
    """What a lock of Poetry's or PDM's allows."""

    constraints: list[str]
    """The version that a package would have, which is not installed for that."""
    overrides: list[str]
    """What takes the place of a repository's branch: the commit that is locked."""
    loose: list[str] = field(default_factory=list)
    """Packages in several versions, where it does not say when each of them counts."""
    indexes: list[tuple[str, str]] = field(default_factory=list)
    """Other indexes than the public one: the name and the URL of each."""


class Path(NamedTuple):
    """A directory that Pipenv installs from."""

    path: str
    extras: str
    is_editable: bool


def constraints(lock: str, name: str, settings: dict[str, Any], groups: Collection[str]) -> Locked:
    """Give what a lock of Poetry's or PDM's allows.

    Args:
        lock: the lock's text.
        name: its file's name, for the message where it cannot be read.
        settings: what is in pyproject.toml.
        groups: those that are to be there, besides the main one.

    Raises:
        Refusal: it cannot be read.

    """
    try:
        packages = formats.objects(formats.toml(lock).get("package"))
    except formats.Unreadable as error:
        raise Refusal(f"{name}: cannot be read: {error}") from None
    packages = [one for one in packages if _is_needed(one, {"main", "default", *groups})]
    found: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    overrides, indexes = set(), set()
    for package in packages:
        called, version = str(package.get("name")), str(package.get("version"))
        if commit := _commit(package):
            extras = extras_of(called, packages, settings)
            overrides.add(f"{called}{extras} @ {commit}" + _for(_marker(package)))
        elif not _is_elsewhere(package) and _is_plain(called, version):
            found[called][version] = _marker(package)
            indexes |= _index(package)
    loose = sorted(one for one, versions in found.items() if len(versions) > 1 and not all(versions.values()))
    lines = (
        f"{one}=={version}" + (_for(marker) if len(versions) > 1 else "")
        for one, versions in found.items()
        if one not in loose
        for version, marker in versions.items()
    )
    return Locked(sorted(lines), sorted(overrides), loose, sorted(indexes))


def requirements(lock: dict[str, Any], name: str) -> tuple[list[str], list[Path]]:
    """Give what Pipenv's lock has for production: lines of a requirements file, and directories.

    Args:
        lock: what is in Pipfile.lock.
        name: its file's name, for the message where it has what uv cannot get by it.

    Raises:
        Refusal: a package is from elsewhere than an index, a repository or a directory.

    """
    lines, paths = [], []
    for package, entry in sorted(formats.table(lock.get("default")).items()):
        known = formats.table(entry)
        found = _directory(known) or _requirement(package, known)
        if found is None:
            raise Refusal(
                f"{name}: {shown(package)!r} is not from an index:"
                " write requirements.txt by `pipenv requirements`,"
                ' and dependencies = {"listed_in": "requirements.txt"}'
            )
        if isinstance(found, Path):
            paths.append(found)
        else:
            lines.append(found)
    return lines, paths


def sources(lock: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the indexes that Pipenv's lock names: the name and the URL of each."""
    named = formats.objects(formats.table(lock.get("_meta")).get("sources"))
    return [(str(one.get("name")), str(one.get("url"))) for one in named]


def _requirement(package: str, known: dict[str, Any]) -> str | None:
    marker = known.get("markers")
    if not NAME.fullmatch(package) or (marker and not _MARKER.fullmatch(str(marker))):
        return None
    extras = _extras(known)
    if "git" in known:
        commit = _fetched(str(known["git"]), str(known.get("ref")), known.get("subdirectory"))
        return commit and f"{package}{extras} @ {commit}" + _for(marker)
    version = str(known.get("version", "")).removeprefix("==")
    if _ELSEWHERE & known.keys() or not _is_plain(package, version):
        return None
    hashes = (f" --hash={one}" for one in formats.texts(known.get("hashes")) if _HASH.fullmatch(one))
    return f"{package}{extras}=={version}{_for(marker)}{''.join(hashes)}"


def _directory(known: dict[str, Any]) -> Path | None:
    path = known.get("path", known.get("file"))
    if not isinstance(path, str) or not path.isprintable() or path.startswith("-"):
        return None
    if "://" in path or known.get("markers"):
        return None
    return Path(path, _extras(known), bool(known.get("editable")))


def _extras(known: dict[str, Any]) -> str:
    extras = [one for one in formats.texts(known.get("extras")) if NAME.fullmatch(one)]
    return f"[{','.join(extras)}]" if extras else ""


def _for(marker: str | None) -> str:
    return f" ; {marker}" if marker else ""


def _marker(package: dict[str, Any]) -> str | None:
    """Say on which machines a package counts, where the lock tells and no extra has a say in it."""
    found = package.get("markers", package.get("marker"))
    if isinstance(found, dict):  # of each of its groups; without one it counts everywhere
        is_for_all = set(formats.texts(package.get("groups"))) <= found.keys()
        found = " or ".join(f"({one})" for one in found.values()) if is_for_all else None
    if not isinstance(found, str) or not _MARKER.fullmatch(found) or "extra" in found:
        return None
    return found


def _commit(package: dict[str, Any]) -> str | None:
    match package:
        case {"source": {"type": "git", "url": str(url), "resolved_reference": str(commit)} as where}:
            found = _fetched(url, commit, where.get("subdirectory"))
        case {"git": str(url), "revision": str(commit)}:
            found = _fetched(url, commit, package.get("subdirectory"))
        case _:
            return None
    return found if NAME.fullmatch(str(package.get("name"))) else None


def _fetched(url: str, commit: str, subdirectory: object) -> str | None:
    """Write as uv does where a commit is, if a build can have it."""
    if not (_URL.fullmatch(url) and _REVISION.fullmatch(commit)):
        return None
    within = f"#subdirectory={subdirectory}" if subdirectory else ""
    if subdirectory and not _SUBDIRECTORY.fullmatch(str(subdirectory)):
        return None
    return f"git+{url}@{commit}{within}"


def _index(package: dict[str, Any]) -> set[tuple[str, str]]:
    match package:
        case {"source": {"type": "legacy", "url": str(url), **rest}}:
            return {(str(rest.get("reference", url)), url)}
    return set()


def _is_needed(package: dict[str, Any], groups: set[str]) -> bool:
    """Say whether it is in one of some groups, as far as the lock tells."""
    named = formats.texts(package.get("groups")) or formats.texts([package.get("category")])
    return not named or not groups.isdisjoint(named)


def _is_elsewhere(package: dict[str, Any]) -> bool:
    source = package.get("source", {})
    own = isinstance(source, dict) and source.get("type", "legacy") != "legacy"
    return own or bool(_ELSEWHERE - {"source"} & package.keys())


def _is_plain(name: str, version: str) -> bool:
    return bool(NAME.fullmatch(name) and _VERSION.fullmatch(version))

"""What a project asks for and its lock does not know, which would be left out without a word. Pure."""

from collections.abc import Callable, Iterator
from typing import Any

from packaging.utils import canonicalize_name

from deploys.apps import formats
from deploys.apps.asked import NAME, requirements
from deploys.config.sources import Dependencies
from deploys.onhost.words import shown

_CONDITIONS = {"markers", "optional", "platform", "python"}


def in_uv_lock(settings: dict[str, Any], chosen: Dependencies, lock: str) -> str | None:
    """Find what a lock of uv's does not know.

    Args:
        settings: what is in pyproject.toml.
        chosen: what of it is installed.
        lock: the lock's text.

    Returns:
        The name; none where the lock has all, or is no TOML, which uv itself then says.

    """
    try:
        packages = formats.objects(formats.toml(lock).get("package"))
    except formats.Unreadable:
        return None
    known = {canonicalize_name(name) for package in packages for name in _of_package(package)}
    return next((name for name in _asked_for(settings, chosen) if canonicalize_name(name) not in known), None)


def in_foreign_lock(settings: dict[str, Any], chosen: Dependencies, lock: str) -> str | None:
    """Find what a lock of Poetry's or PDM's does not know: as for uv's, but for what has a condition.

    Such a lock leaves out what no machine could need that the project runs on, and does not say so.

    """
    try:
        packages = formats.objects(formats.toml(lock).get("package"))
    except formats.Unreadable:
        return None
    own = formats.table(settings.get("project")).get("name")
    known = {*map(canonicalize_name, formats.texts([own, *(package.get("name") for package in packages)]))}
    asked = [*_asked_for(settings, chosen, _is_certain), *_asked_by_poetry(settings, chosen)]
    return next((name for name in asked if canonicalize_name(name) not in known), None)


def in_pipfile_lock(pipfile: str, lock: dict[str, Any]) -> str | None:
    """Find what a lock of Pipenv's does not know: as for uv's, by the text of the Pipfile."""
    try:
        asked = formats.table(formats.toml(pipfile).get("packages"))
    except formats.Unreadable:
        return None
    known = {*map(canonicalize_name, formats.table(lock.get("default")))}
    of_index = (name for name, how in asked.items() if _is_of_index(how))
    return next((shown(name) for name in of_index if canonicalize_name(name) not in known), None)


def _is_of_index(how: object) -> bool:
    """Say whether Pipenv keeps a package by the name that the Pipfile has, as it does those of an index."""
    return not {"file", "git", "path"} & formats.table(how).keys()


def _of_package(package: dict[str, Any]) -> Iterator[str]:
    """Name a package, and what it asks for, which on no machine of the lock's may be needed."""
    metadata = formats.table(package.get("metadata"))
    asked = formats.objects(metadata.get("requires-dist"))
    for group in formats.table(metadata.get("requires-dev")).values():
        asked += formats.objects(group)
    yield from formats.texts([one.get("name") for one in (package, *asked)])


def _is_certain(requirement: str) -> bool:
    return ";" not in requirement


def _asked_by_poetry(settings: dict[str, Any], chosen: Dependencies) -> Iterator[str]:
    """Name what the tables of Poetry's own ask for on every machine."""
    own = formats.table(formats.table(settings.get("tool")).get("poetry"))
    groups = formats.table(own.get("group"))
    for table in (own, *(formats.table(groups.get(name)) for name in chosen.groups)):
        for name, how in formats.table(table.get("dependencies")).items():
            if name != "python" and not isinstance(how, list) and not _CONDITIONS & formats.table(how).keys():
                yield shown(name)


def _asked_for(
    settings: dict[str, Any], chosen: Dependencies, is_taken: Callable[[str], bool] = bool
) -> Iterator[str]:
    asked = filter(is_taken, requirements(settings, chosen))
    yield from (found[0] for found in map(NAME.match, asked) if found)

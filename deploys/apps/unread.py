"""What says that something is needed, and is passed over where all that is read says nothing. Pure."""

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import dropwhile, islice, takewhile
from typing import Any

from deploys.apps import formats, lists, pyproject
from deploys.apps.layout import top
from deploys.apps.purposes import is_for_use
from deploys.apps.source import Source
from deploys.apps.ways import LISTS, Ways
from deploys.config import App

Found = tuple[str, str]
"""What was found, and the remedy."""

_OR_ANOTHER = 'or say which file to install from: dependencies = {"listed_in": "..."}'
_LIST = re.compile(
    r"(?:[\w.-]+/)?(?:requirements/[\w.-]+|[\w.-]*req(?:uirement)?s[\w.-]*|req(?:uirement)?)"
    r"\.(?:txt|in|pip|lock)|pylock\.[\w-]+\.toml",
    re.IGNORECASE,
)
_PROJECT = re.compile(r"([\w.-]+)/(?:pyproject\.toml|uv\.lock|poetry\.lock|Pipfile\.lock)")
_FOR_DEVELOPMENT = re.compile(r"requirements/(?:dev|local)\.txt|requirements-dev\.txt")
_OF_OTHERS = re.compile(r"(?:^|/)(?:\.|node_modules/)")
"""Directories that are no part of an app."""
_MOST = 3
"""Lists that are told by their names."""
_SCRIPT = "# /// script", "# ///"
"""Between which lines a script says of itself what it needs (PEP 723)."""

_CONDA = "conda is not there: write requirements.txt"
_FILES = {
    re.compile(pattern): remedy
    for pattern, remedy in (
        (r"Pipfile", "run `pipenv lock`"),
        (r"environment[\w.-]*\.ya?ml|conda-lock\.ya?ml", _CONDA),
        (r"pixi\.(?:toml|lock)", "pixi is not there: write requirements.txt"),
    )
}
"""What cannot be installed, and the remedy."""
_OF_ANOTHER = {
    "poetry.lock": "add the pyproject.toml that it is of",
    "pdm.lock": "add the pyproject.toml that it is of",
    "uv.lock": "add the pyproject.toml that it is of",
}
"""What cannot be installed alone."""


def unread(project: Ways, by: str | None) -> Found | None:
    """Find what says that something is needed.

    Args:
        project: a directory.
        by: the file that it would be installed by, which says nothing; none where there is no such file.

    """
    looks = (
        _of_file(project.source, by),
        _of_lock(project, by),
        _of_list(project),
        _of_table(project.settings),
        _of_script(project.app, project.source),
    )
    return next((found for look in looks for found in look), None)


def for_development(source: Source) -> Found | None:
    """Find a list that is for development alone, which counts where no directory has another."""
    for name in filter(_FOR_DEVELOPMENT.fullmatch, source.files):
        return name, f"write requirements.txt for production, {_OR_ANOTHER}"
    return None


def _of_file(source: Source, by: str | None) -> Iterator[Found]:
    for pattern, remedy in _FILES.items():
        for name in filter(pattern.fullmatch, source.files):
            if by != f"{name}.lock" and is_for_use(name):
                yield name, f"{remedy}, {_OR_ANOTHER}"
    for name in filter(source.has, () if by else _OF_ANOTHER):
        yield name, f"{_OF_ANOTHER[name]}, {_OR_ANOTHER}"


def _of_lock(project: Ways, by: str | None) -> Iterator[Found]:
    name = "Pipfile.lock"
    if by != name and project.source.has(name) and not project.by_pipenv(name).is_empty:
        yield name, _listed_in(name)


def _of_list(project: Ways) -> Iterator[Found]:
    """Find lists or a project; of those in a directory, only one in the app's own counts."""
    own = f"{top(project.app)}/"
    others: list[str] = []
    for name in project.source.files:
        is_near = "/" not in name or name.startswith(("requirements/", own))
        if not is_near or not is_for_use(name):
            continue
        if below := _PROJECT.fullmatch(name):
            yield f"{name}, which is not looked for", f'write working_directory = "{below[1]}"'
        elif _is_list(name) and not lists.installs_nothing(project.whole, project.place, name):
            if name == "requirements.in":
                yield name, f"write requirements.txt by `uv pip compile`, {_OR_ANOTHER}"
            if name in LISTS:
                yield name, _listed_in(name)
            others.append(name)
    yield from _not_looked_for(others)


def _not_looked_for(names: list[str]) -> Iterator[Found]:
    """Tell of lists, but for those that others were compiled from."""
    found = [name for name in names if f"{name.removesuffix('.in')}.txt" not in names]
    if len(found) == 1:
        yield f"{found[0]}, which is not looked for", _listed_in(found[0])
    elif found:
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        told = f"{', '.join(found[:_MOST])}{more}, which are not looked for"
        yield told, f"{_OR_ANOTHER.removeprefix('or ')}, a list of your own where several are needed"


def deeper(source: Source) -> Found | None:
    """Find lists in directories without code, which count where nothing else says what is needed."""
    with_code = {posixpath.dirname(name) for name in source.files if name.endswith(".py")}
    found = [
        name
        for name in source.files
        if _is_list(posixpath.basename(name))
        and is_for_use(name)
        and not _OF_OTHERS.search(name)
        and posixpath.dirname(name) not in with_code
        and not lists.installs_nothing(source, "", name)
    ]
    return next(_not_looked_for(found), None)


def _is_list(name: str) -> bool:
    return name in LISTS or bool(_LIST.fullmatch(name))


def _of_table(settings: dict[str, Any]) -> Iterator[Found]:
    for name in filter(is_for_use, pyproject.groups(settings)):
        yield f"the group {name!r} in pyproject.toml", f'write dependencies = {{"groups": ["{name}"]}}'
    for table in pyproject.foreign_tables(settings):
        if is_for_use(table):
            remedy = "write it as dependencies of [project]"
            yield f"[{table}] in pyproject.toml, which is not read", f"{remedy}, {_OR_ANOTHER}"


def _of_script(app: App, source: Source) -> Iterator[Found]:
    module = app.reference.partition(":")[0].replace(".", "/")
    for name in filter(source.has, (f"{module}.py", f"{module}/__init__.py")):
        if _metadata(source.text(name, "replace")).get("dependencies"):
            yield f"dependencies in a comment of {name}", _listed_in(name)


def _metadata(script: str) -> dict[str, Any]:
    first, last = _SCRIPT
    after = dropwhile(lambda line: line != first, map(str.rstrip, script.splitlines()))
    within = takewhile(lambda line: line.startswith("#") and line != last, islice(after, 1, None))
    with suppress(formats.Unreadable):
        return formats.toml("\n".join(line[2:] for line in within))
    return {}


def _listed_in(name: str) -> str:
    return f'write dependencies = {{"listed_in": "{name}"}}'

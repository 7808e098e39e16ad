"""Which file of a source says what to install: in the app's own directory, or the nearest above. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from deploys.apps import layout
from deploys.apps.installation import Installation
from deploys.apps.source import Source
from deploys.apps.unread import deeper, for_development, unread
from deploys.apps.ways import LISTS, Ways
from deploys.config import App
from deploys.config.sources import Dependencies
from deploys.refusal import Refusal


def installation(app: App, source: Source, whole: Source) -> Installation:
    """Choose how the dependencies of the app's directory are installed.

    Args:
        app: the settings.
        source: the directory.
        whole: the source that it is of, which may have what it needs beside it or above.

    Raises:
        Refusal: there is no way to install what was found, or nothing that was asked for.

    """
    own = Ways(app, source, whole, app.working_directory or "")
    if not source.files:  # to go back, nothing is built
        return Installation([own.make], "nothing")
    found = _nearest(own)
    if not (found and found.has_project):
        layout.refuse_elsewhere(app, source)
    if not found and (lists := deeper(source)):
        raise own.refusal(*lists)
    nothing = f"nothing but {app.server}, as no file says what"
    return found or Installation([own.make], nothing, place=own.place)


def _nearest(own: Ways) -> Installation | None:
    directories = [own, *_above(own)]
    for project in directories:
        if found := _chosen(project):
            return replace(found, place=project.place)
    if file := own.app.dependencies.listed_in:
        raise own.refusal(
            f"nothing to install in {file}", "write a file of the source's as dependencies['listed_in']"
        )
    for project in directories:
        if development := for_development(project.source):
            raise project.refusal(*development)
    if own.app.dependencies != Dependencies():
        where = own.source.directory
        raise Refusal(f"{where}: there is no project in its pyproject.toml: remove dependencies")
    return None


def _above(own: Ways) -> Iterator[Ways]:
    """Give the directories above the app's own, up to the source, the nearest first."""
    for path in PurePosixPath(own.place).parents if own.place else ():
        place = "" if path.name == "" else str(path)
        yield replace(own, source=own.whole.below(place) if place else own.whole, place=place)


def _chosen(project: Ways) -> Installation | None:
    source, file = project.source, project.app.dependencies.listed_in
    for name, install in _WAYS.items():
        if file in (None, name) and source.has(name) and (found := install(project, name)):
            if found.is_empty and not file:
                _refuse_unread(project, name)
            return found
    if file:
        is_list = _A_LIST.fullmatch(file) and source.has(file)
        return project.by_requirements(file) if is_list else None
    _refuse_unread(project, None)
    return None


def _refuse_unread(project: Ways, by: str | None) -> None:
    if found := unread(project, by):
        raise project.refusal(*found)


_A_LIST = re.compile(r".+\.(?:txt|in|pip|lock|py)|(?:.+/)?pylock\.[^/.]+\.toml")
"""What uv takes for requirements by its name: a script has them in a comment."""

_WAYS: dict[str, Callable[[Ways, str], Installation | None]] = {
    "uv.lock": Ways.by_uv,
    "pylock.toml": Ways.by_requirements,
    "poetry.lock": Ways.by_lock,
    "pdm.lock": Ways.by_lock,
    "pyproject.toml": lambda project, name: (
        project.by_list_beside(name)
        or project.by_uv(name)
        or project.by_backend(name)
        or project.by_groups(name)
    ),
    "Pipfile.lock": Ways.by_pipenv,
    **dict.fromkeys(LISTS, Ways.by_requirements),
    "setup.py": Ways.by_setup_py,
    "setup.cfg": Ways.by_setup_cfg,
}
"""How each file is installed, the first of them that is there; none where it says nothing of dependencies."""

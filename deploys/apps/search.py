"""Which file of a source says what to install: in the app's own directory, or the nearest above. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from deploys.apps import layout
from deploys.apps.project import REQUIREMENTS, Installation, Project
from deploys.apps.source import Source
from deploys.config import App
from deploys.config.sources import Dependencies
from deploys.refusal import Refusal

_REMEDY = 'or say which file to install from: dependencies = {"listed_in": "..."}'


def installation(app: App, source: Source, whole: Source) -> Installation:
    """Choose how the dependencies of the app's directory are installed.

    Args:
        app: the settings.
        source: the directory.
        whole: the source that it is of, which may have what it needs beside it or above.

    Raises:
        Refusal: there is no way to install what was found, or nothing that was asked for.

    """
    own = Project(app, source, whole, app.working_directory or "")
    if not source.files:  # to go back, nothing is built
        return Installation([own.make], "nothing")
    chosen = _nearest(own) or Installation(
        [own.make], f"nothing but {app.server}, as no file says what", place=own.place
    )
    if not chosen.has_project:
        layout.refuse_elsewhere(app, source)
    return chosen


def _nearest(own: Project) -> Installation | None:
    directories = [own, *_above(own)]
    for project in directories:
        if found := _chosen(project):
            return replace(found, place=project.place)
    if file := own.app.dependencies.listed_in:
        raise own.refusal(
            f"nothing to install in {file}", "write a file of the source's as dependencies['listed_in']"
        )
    for project in directories:
        _refuse(project, _FOR_DEVELOPMENT)
    if own.app.dependencies != Dependencies():
        where = own.source.directory
        raise Refusal(f"{where}: there is no project in its pyproject.toml: remove dependencies")
    return None


def _above(own: Project) -> Iterator[Project]:
    """Give the directories above the app's own, up to the source, the nearest first."""
    for path in PurePosixPath(own.place).parents if own.place else ():
        place = "" if path.name == "" else str(path)
        yield replace(own, source=own.whole.below(place) if place else own.whole, place=place)


def _chosen(project: Project) -> Installation | None:
    source, file = project.source, project.app.dependencies.listed_in
    for name, install in _WAYS.items():
        if file in (None, name) and source.has(name) and (found := install(project, name)):
            return found
    if file:
        is_list = file.endswith((".txt", ".in")) and source.has(file)
        return project.by_requirements(file) if is_list else None
    _refuse(project, _REFUSED)
    if unread := layout.unread(project.app, source):
        remedy = 'write its directory as working_directory, or dependencies = {"listed_in": "..."}'
        raise project.refusal(f"{unread}, which is not looked for", remedy)
    return None


def _refuse(project: Project, table: dict[str, str]) -> None:
    for name, remedy in table.items():
        if project.source.has(name):
            raise project.refusal(name, f"{remedy}, {_REMEDY}")


_WAYS: dict[str, Callable[[Project, str], Installation | None]] = {
    "uv.lock": Project.by_uv,
    "pylock.toml": Project.by_requirements,
    "poetry.lock": Project.by_lock,
    "pdm.lock": Project.by_lock,
    "pyproject.toml": lambda project, name: (
        project.by_uv(name) or project.by_list_beside(name) or project.by_backend(name)
    ),
    "Pipfile.lock": Project.by_pipenv,
    **dict.fromkeys(REQUIREMENTS, Project.by_requirements),
    "setup.py": Project.by_backend,
    "setup.cfg": Project.by_setup_cfg,
}
"""How each file is installed, the first of them that is there; none where it says nothing of dependencies."""

_REFUSED = {
    "Pipfile": "run `pipenv lock`",
    "poetry.lock": "add the pyproject.toml that it is of",
    "pdm.lock": "add the pyproject.toml that it is of",
    "environment.yml": "conda is not there: write requirements.txt",
    "environment.yaml": "conda is not there: write requirements.txt",
    "conda-lock.yml": "conda is not there: write requirements.txt",
    "pixi.toml": "pixi is not there: write requirements.txt",
    "requirements.in": "write requirements.txt by `uv pip compile`",
}
"""What says something of dependencies, and cannot be installed; and the remedy."""

_FOR_DEVELOPMENT = dict.fromkeys(
    ("requirements/dev.txt", "requirements/local.txt", "requirements-dev.txt"),
    "write requirements.txt for production",
)
"""What counts only where nothing else does, in any directory."""

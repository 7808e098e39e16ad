"""What a directory is as a project, and how its dependencies are installed. Pure."""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from deploys.apps import beside, choices, formats, layout, locks, poetry, pyproject
from deploys.apps.pythons import Wanted, wanted_python
from deploys.apps.source import Source
from deploys.apps.versions import sync
from deploys.config import App
from deploys.config.sources import Dependencies
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_REQUIREMENTS = (
    "requirements.txt",
    *(
        f"requirements{between}{kind}.txt"
        for kind in ("production", "prod", "base")
        for between in ("/", "-", "_")
    ),
)
_REMEDY = 'or say which file to install from: dependencies = {"listed_in": "..."}'
_ELSEWHERE = re.compile(r"^[\w.\[\]-]+ @ file:///\S+", re.MULTILINE)
"""What `pip freeze` says of a package that came from a file, as conda's do."""
_DESCRIBES = re.compile(r"^\[(?:metadata|options)\]", re.MULTILINE)
"""What setup.cfg has that is about a project."""
_VARIABLE = re.compile(r"^[^#\n]*(\$\{[A-Za-z_]\w{0,60}\})", re.MULTILINE)
"""What pip and uv take from the environment."""
_KEEP = '"$VIRTUAL_ENV/gatehouse-locked.txt"'
_LISTED = '"$VIRTUAL_ENV/gatehouse-listed.txt"'


@dataclass(frozen=True)
class Installation:
    """How the dependencies get into the environment."""

    script: list[str]
    """The lines that make the environment and install them."""
    words: str
    """What is installed, for whoever reads the plan."""
    has_project: bool = False
    """Whether the project itself is installed, so that its modules are found wherever they are."""


def installation(app: App, source: Source, whole: Source) -> Installation:
    """Choose how a directory's dependencies are installed.

    Args:
        app: the settings.
        source: the directory.
        whole: the source that it is of, which may have what it needs beside it.

    Raises:
        Refusal: there is no way to install what was found, or nothing that was asked for.

    """
    project = _Project(app, source, whole)
    if not source.files:  # to go back, nothing is built
        return Installation([project.make], "nothing")
    chosen = _chosen(project)
    if not chosen.has_project:
        layout.refuse_elsewhere(app, source)
    return chosen


def _chosen(project: "_Project") -> Installation:
    app, source, file = project.app, project.source, project.app.dependencies.listed_in
    for name, install in _WAYS.items():
        if file in (None, name) and source.has(name) and (found := install(project, name)):
            return found
    if file and file.endswith((".txt", ".in")) and source.has(file):
        return project.by_requirements(file)
    if file:
        raise project.refusal(
            f"nothing to install in {file}", "write a file of the source's as dependencies['listed_in']"
        )
    for name, remedy in _REFUSED.items():
        if source.has(name):
            raise project.refusal(name, f"{remedy}, {_REMEDY}")
    if unread := layout.unread(app, source):
        remedy = 'write its directory as working_directory, or dependencies = {"listed_in": "..."}'
        raise project.refusal(f"{unread}, which is not looked for", remedy)
    if app.dependencies != Dependencies():
        raise Refusal(f"{source.directory}: there is no project in its pyproject.toml: remove dependencies")
    return Installation([project.make], f"nothing but {app.server}, as no file says what")


def make_environment(wanted: Wanted | None) -> str:
    """Give the line that makes the environment, of the Python that is wanted or else of the machine's."""
    return wanted.make if wanted else 'uv venv --quiet "$VIRTUAL_ENV"'


@dataclass(frozen=True)
class _Project:
    app: App
    source: Source
    whole: Source

    @cached_property
    def wanted(self) -> Wanted | None:
        return wanted_python(self.app, self.whole)

    @property
    def make(self) -> str:
        return make_environment(self.wanted)

    @cached_property
    def settings(self) -> dict[str, Any]:
        return pyproject.settings_in(self.source)

    def refusal(self, found: str, remedy: str) -> Refusal:
        return Refusal(f"{self.source.directory}: found {found}: {remedy}")

    def by_uv(self, name: str) -> Installation | None:
        if name == "pyproject.toml" and not pyproject.is_uv_s(self.settings):
            return None
        self._refuse_unknown_choices()
        self._refuse_missing()
        chosen = self.app.dependencies
        words = " ".join(
            [
                *("uv", "sync", "--quiet"),
                *(
                    ["--frozen"]
                    if self.source.has("uv.lock") and chosen.listed_in in (None, "uv.lock")
                    else []
                ),
                *([] if "dev" in chosen.groups else ["--no-dev"]),
                *(f"--extra {one}" for one in chosen.extras),
                *(f"--group {one}" for one in chosen.groups),
                *([f"--package {chosen.package}"] if chosen.package else []),
                *([] if chosen.editable else ["--no-editable"]),
            ]
        )
        python = self.wanted.option if self.wanted else ""
        install = sync(f"{words}{python}", self.source)
        is_package = "build-system" in self.settings
        has_project = is_package or bool(chosen.package) or pyproject.has_packages_of_uv(self.settings)
        return Installation([self.make, *install], self._words(name, is_package=is_package), has_project)

    def by_lock(self, name: str) -> Installation | None:
        """Install a project by its build backend, in the versions of a lock that uv does not read."""
        if not (pyproject.is_project(self.settings) or pyproject.is_poetry_s(self.settings)):
            return None
        return self._by_backend(name, locks.constraints(self.source.text(name), name))

    def by_list_beside(self, name: str) -> Installation | None:
        """Install what a file of requirements lists, where the project of pyproject.toml asks for nothing.

        It is there for the project's name, or for the settings of tools.
        """
        listed = next(filter(self.source.has, _REQUIREMENTS), None)
        no_choices = self.app.dependencies == Dependencies(editable=self.app.dependencies.editable)
        if not (listed and no_choices and pyproject.asks_for_nothing(self.settings)):
            return None
        found = self._listed(listed)
        if "build-system" not in self.settings:
            return found
        project = self._by_backend(name, [])
        script = [*found.script, *project.script[1:]]
        return replace(project, script=script, words=self._words(listed, is_package=True))

    def by_backend(self, name: str) -> Installation | None:
        if name == "pyproject.toml" and not (
            pyproject.is_project(self.settings) or pyproject.is_poetry_s(self.settings)
        ):
            return None
        return self._by_backend(name, [])

    def by_setup_cfg(self, name: str) -> Installation | None:
        """Install what it describes, unless it is there for the settings of tools alone."""
        if not _DESCRIBES.search(self.source.text(name, "replace")):
            return None
        if not self.source.has("pyproject.toml"):
            raise self.refusal(name, 'add a pyproject.toml with [build-system] and requires = ["setuptools"]')
        return self._by_backend(name, [])

    def _by_backend(self, name: str, constraints: list[str]) -> Installation:
        chosen, settings = self.app.dependencies, self.settings
        if chosen.package or (
            chosen.groups
            and not (pyproject.is_project(self.settings) or pyproject.is_poetry_s(self.settings))
        ):
            remedy = "take groups and package out of dependencies, only uv has them"
            raise self.refusal(name, remedy)
        self._refuse_unknown_choices()
        self._refuse_missing()
        keep = [_written(constraints)] if constraints else []
        install = "uv pip install --quiet" + (f" --constraints {_KEEP}" if constraints else "")
        if pyproject.is_no_package(self.settings):
            listed = poetry.list_requirements(chosen.extras, chosen.groups, _LISTED)
            lines = [self.make, *keep, listed, f"{install} --requirements {_LISTED}"]
            return Installation(lines, self._words(name))
        of_poetry = chosen.groups if pyproject.is_poetry_s(self.settings) else ()
        groups = "" if of_poetry else "".join(f" --group {one}" for one in chosen.groups)
        if "project" in settings and "build-system" not in settings:
            extras = "".join(f" --extra {one}" for one in chosen.extras)
            lines = [f"{install}{groups} --requirements pyproject.toml{extras}"]
            return Installation([self.make, *keep, *lines], self._words(name))
        extras = f"[{','.join(chosen.extras)}]" if chosen.extras else ""
        what = f"{'--editable ' if chosen.editable else ''}{shlex.quote(f'.{extras}')}"
        if of_poetry:
            keep.append(poetry.list_requirements((), of_poetry, _LISTED))
            groups = f" --requirements {_LISTED}"
        lines = sync(f"{install}{groups} {what}", self.source)
        return Installation([self.make, *keep, *lines], self._words(name, is_package=True), has_project=True)

    def by_pipenv(self, name: str) -> Installation:
        self._refuse_choices(name)
        try:
            lock = formats.json_object(self.source.text(name))
        except ValueError as error:
            raise Refusal(f"{self.source.directory / name}: cannot be read: {error}") from None
        keep = _written(locks.requirements(lock, name))
        return Installation(
            [self.make, keep, f"uv pip install --quiet --no-deps --requirements {_KEEP}"], self._words(name)
        )

    def by_requirements(self, name: str) -> Installation:
        self._refuse_choices(name)
        return self._listed(name)

    def _listed(self, name: str) -> Installation:
        text = self.source.text(name, "replace")
        if found := _VARIABLE.search(text):
            remedy = (
                "a build has no secrets: take the line out, and have a private index in indexes,"
                " or a private repository in sources"
            )
            raise self.refusal(f"{found[1]} in {name}", remedy)
        if found := _ELSEWHERE.search(text):
            remedy = "write versions instead, as `pip list --format=freeze` does"
            raise self.refusal(f"{shown(found[0])!r} in {name}, which is on another machine", remedy)
        directory = self.app.working_directory or ""
        beside.refuse_missing_in_list(self.whole, directory, name)
        install = f"uv pip install --quiet --requirements {shlex.quote(name)}"
        has_project = beside.installs_by_path(self.whole, directory, name)
        return Installation([self.make, install], self._words(name), has_project)

    def _refuse_choices(self, name: str) -> None:
        if self.app.dependencies != Dependencies(listed_in=self.app.dependencies.listed_in):
            remedy = "there is no project in its pyproject.toml: remove dependencies, but for listed_in"
            raise Refusal(f"{self.source.directory}: {name} is installed whole, {remedy}")

    def _refuse_unknown_choices(self) -> None:
        if found := choices.unknown(self.settings, self.app.dependencies):
            raise self.refusal(*found)

    def _refuse_missing(self) -> None:
        if self.app.dependencies.package is None:
            beside.refuse_missing(self.whole, self.app.working_directory or "", self.settings)

    def _words(self, name: str, *, is_package: bool = False) -> str:
        how = "from its source" if self.app.dependencies.editable else "as a copy"
        return f"what {name} says" + (f", and the project {how}" if is_package else "")


def _written(lines: list[str]) -> str:
    return f"printf '%s\\n' {' '.join(map(shlex.quote, lines))} > {_KEEP}"


_WAYS: dict[str, Callable[[_Project, str], Installation | None]] = {
    "uv.lock": _Project.by_uv,
    "pylock.toml": _Project.by_requirements,
    "poetry.lock": _Project.by_lock,
    "pdm.lock": _Project.by_lock,
    "pyproject.toml": lambda project, name: (
        project.by_uv(name) or project.by_list_beside(name) or project.by_backend(name)
    ),
    "Pipfile.lock": _Project.by_pipenv,
    **dict.fromkeys(_REQUIREMENTS, _Project.by_requirements),
    "setup.py": _Project.by_backend,
    "setup.cfg": _Project.by_setup_cfg,
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
    "requirements/dev.txt": "write requirements.txt for production",
    "requirements/local.txt": "write requirements.txt for production",
    "requirements-dev.txt": "write requirements.txt for production",
}
"""What says something of dependencies, and cannot be installed; and the remedy."""

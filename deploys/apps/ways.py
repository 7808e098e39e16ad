"""The ways of installing what a project needs, one for each kind of file that says so. Pure."""

import posixpath
import re
import shlex
from dataclasses import replace
from functools import cached_property

from deploys.apps import (
    beside,
    compiled,
    foreign,
    formats,
    lists,
    locks,
    poetry,
    pyproject,
    stale,
    workspace,
)
from deploys.apps.installation import Installation, written
from deploys.apps.locks import Locked
from deploys.apps.project import Project
from deploys.apps.versions import sync
from deploys.config.sources import Dependencies
from deploys.refusal import Refusal

LISTS = (
    "requirements.txt",
    *(
        f"requirements{between}{kind}.txt"
        for kind in ("production", "prod", "base")
        for between in ("/", "-", "_", ".")
    ),
)
_DESCRIBES = re.compile(r"^\[(?:metadata|options)\]", re.MULTILINE)
"""What setup.cfg has that is about a project."""
_INSTALL_LISTED = "uv pip install --quiet --requirements "
_KEEP = '"$VIRTUAL_ENV/gatehouse-locked.txt"'
_OVERRIDES = '"$VIRTUAL_ENV/gatehouse-overrides.txt"'
_LISTED = '"$VIRTUAL_ENV/gatehouse-listed.txt"'
_NOTHING_LOCKED = Locked([], [])


class Ways(Project):
    """How a project may be installed; each way gives none where its file says nothing."""

    def by_uv(self, name: str) -> Installation | None:
        lock = self._lock_of_uv(name)
        if not lock and (not pyproject.is_uv_s(self.settings) or self._compiled):
            return None
        self.refuse_nameless()
        self.refuse_unknown_choices()
        self.refuse_missing()
        self.refuse_stale(lock)
        chosen = self.app.dependencies
        words = " ".join(
            [
                *("uv", "sync", "--quiet"),
                *(["--frozen"] if lock else []),
                *([] if "dev" in chosen.groups else ["--no-dev"]),
                *(f"--no-group {one}" for one in pyproject.groups_of_others(self.settings, chosen)),
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
        words = self.words(lock or name, is_package=is_package) + self.without
        return Installation([self.make, *install], words, has_project, self._asks_for_nothing())

    def _lock_of_uv(self, name: str) -> str | None:
        """Find the lock that counts: the directory's own, or that of the workspace whose member it is."""
        if name == "uv.lock":
            return name if self.source.has("pyproject.toml") else None
        if self.app.dependencies.listed_in or not pyproject.is_project(self.settings):
            return None
        above = workspace.lock_above(self.whole, self.place)
        return above and posixpath.relpath(above, self.place)

    def by_lock(self, name: str) -> Installation | None:
        """Install a project by its build backend, in the versions of a lock that uv does not read."""
        if not (pyproject.is_project(self.settings) or pyproject.is_poetry_s(self.settings)):
            return None
        chosen = {*self.app.dependencies.groups, *self.app.dependencies.extras}  # which are groups to PDM
        text = self.source.text(name)
        locked = locks.constraints(text, name, self.settings, chosen)
        if missing := stale.in_foreign_lock(self.settings, self.app.dependencies, text):
            remedy = f"run `{name.removesuffix('.lock')} lock`"
            raise self.refusal(f"{missing!r} in pyproject.toml, and not in {name}", remedy)
        self.refuse_index(name, locked.indexes)
        if name == "pdm.lock":  # which does not say where a package is from
            self.refuse_index("pyproject.toml", foreign.named_in(self.settings))
        found = self._by_backend(name, locked)
        loose = f", but any version of {', '.join(locked.loose)}, of which it has several"
        return replace(found, words=found.words + (loose if locked.loose else ""))

    def by_list_beside(self, name: str) -> Installation | None:
        """Install what a file of requirements lists, where the project of pyproject.toml asks for nothing.

        It is there for the project's name, or for the settings of tools.
        """
        listed = lists.outermost(self.whole, self.place, LISTS)
        no_choices = self.app.dependencies == Dependencies(editable=self.app.dependencies.editable)
        if not (listed and no_choices and pyproject.asks_for_nothing(self.settings)):
            return None
        if "build-system" not in self.settings:
            return self._listed(listed)
        found = self._after_list(listed, self._by_backend(name))
        return replace(found, words=self.words(listed, is_package=True))

    def _after_list(self, listed: str, project: Installation) -> Installation:
        """Install what a file of requirements lists, and then the project."""
        first = self._listed(listed)
        return replace(project, script=[*first.script, *project.script[1:]], is_empty=first.is_empty)

    def by_backend(self, name: str) -> Installation | None:
        if not (pyproject.is_project(self.settings) or pyproject.is_poetry_s(self.settings)):
            return None
        self.refuse_index("pyproject.toml", foreign.named_in(self.settings))
        if not (listed := self._compiled):
            return self._by_backend(name)
        self.refuse_unread(listed)
        locked = Locked(compiled.pins(self.whole, self.place, listed), [])
        found = self._by_backend(name, locked)
        if compiled.has_more(self.source, listed):
            found = replace(self._after_list(listed, found), is_empty=False)
            return replace(found, words=f"{found.words}, and what {self.seen(listed)} lists, in its versions")
        return replace(found, words=f"{found.words}, in the versions of {self.seen(listed)}")

    @cached_property
    def _compiled(self) -> str | None:
        """The list that locks what pyproject.toml asks for, where that alone is to be installed."""
        chosen = self.app.dependencies
        is_other = chosen.package or chosen.listed_in or pyproject.is_whole_to_uv(self.settings)
        return None if is_other else compiled.find(self.source, (*LISTS, "requirements.lock"))

    def by_groups(self, name: str) -> Installation | None:
        """Install groups of dependencies, which a pyproject.toml may have without a project."""
        chosen = self.app.dependencies
        is_alone = not any(map(self.source.has, ("Pipfile.lock", *LISTS, "setup.py", "setup.cfg")))
        if "dependency-groups" not in self.settings or not (chosen.groups and is_alone):
            return None
        if chosen.extras or chosen.package:
            raise self.refusal(name, "take extras and package out of dependencies, it has no [project]")
        self.refuse_unknown_choices()
        install = f"uv pip install --quiet{self._groups}"
        return Installation([self.make, install], self.words(name))

    def by_setup_py(self, name: str) -> Installation:
        return replace(self._by_backend(name), is_empty=self._asks_setuptools_for_nothing())

    def by_setup_cfg(self, name: str) -> Installation | None:
        """Install what it describes, unless it is there for the settings of tools alone."""
        if not _DESCRIBES.search(self.source.text(name, "replace")):
            return None
        if not self.source.has("pyproject.toml"):
            raise self.refusal(name, 'add a pyproject.toml with [build-system] and requires = ["setuptools"]')
        return self.by_setup_py(name)

    def _by_backend(self, name: str, locked: Locked = _NOTHING_LOCKED) -> Installation:
        chosen, settings = self.app.dependencies, self.settings
        if chosen.package or (
            chosen.groups
            and not (pyproject.is_project(self.settings) or pyproject.is_poetry_s(self.settings))
        ):
            remedy = "take groups and package out of dependencies, only uv has them"
            raise self.refusal(name, remedy)
        self.refuse_nameless()
        self.refuse_unknown_choices()
        self.refuse_missing()
        kept = {
            ("constraints", _KEEP): locked.constraints,
            ("overrides", _OVERRIDES): locked.overrides,
        }
        keep = [written(lines, file) for (_, file), lines in kept.items() if lines]
        options = "".join(f" --{option} {file}" for (option, file), lines in kept.items() if lines)
        install, is_empty = f"uv pip install --quiet{options}", self._asks_for_nothing()
        if pyproject.is_listed_by_poetry(self.settings):
            listed = poetry.list_requirements(chosen.extras, chosen.groups, _LISTED)
            lines = [self.make, *keep, listed, f"{install} --requirements {_LISTED}"]
            return Installation(lines, self.words(name) + self.without, is_empty=is_empty)
        of_poetry = chosen.groups if pyproject.is_poetry_s(self.settings) else ()
        groups = "" if of_poetry else self._groups
        if "project" in settings and "build-system" not in settings:
            extras = "".join(f" --extra {one}" for one in chosen.extras)
            lines = [f"{install}{groups} --requirements pyproject.toml{extras}"]
            words = self.words(name) + self.without
            return Installation([self.make, *keep, *lines], words, is_empty=is_empty)
        extras = f"[{','.join(chosen.extras)}]" if chosen.extras else ""
        what = f"{'--editable ' if chosen.editable else ''}{shlex.quote(f'.{extras}')}"
        if of_poetry:
            keep.append(poetry.list_requirements((), of_poetry, _LISTED))
            groups = f" --requirements {_LISTED}"
        lines = sync(f"{install}{groups} {what}", self.source)
        words = self.words(name, is_package=True) + self.without
        return Installation([self.make, *keep, *lines], words, has_project=True, is_empty=is_empty)

    def by_pipenv(self, name: str) -> Installation:
        self.refuse_choices(name)
        try:
            lock = formats.json_object(self.source.text(name))
        except ValueError as error:
            raise Refusal(f"{self.source.directory / name}: cannot be read: {error}") from None
        self.refuse_index(name, locks.sources(lock))
        if found := stale.in_pipfile_lock(self.source.text("Pipfile", "replace"), lock):
            raise self.refusal(f"{found!r} in Pipfile, and not in {name}", "run `pipenv lock`")
        locked, directories = locks.requirements(lock, name)
        beside.refuse_missing_paths(self.whole, self.place, name, [each.path for each in directories])
        what = "".join(
            f" {'--editable ' if each.is_editable else ''}{shlex.quote(each.path + each.extras)}"
            for each in directories
        )
        install = sync(f"uv pip install --quiet --no-deps --requirements {_KEEP}{what}", self.source)
        is_empty = not (locked or directories)
        lines = [self.make, written(locked, _KEEP), *install]
        return Installation(lines, self.words(name), bool(directories), is_empty)

    def by_requirements(self, name: str) -> Installation | None:
        if (
            name in LISTS
            and name != self.app.dependencies.listed_in
            and name != lists.outermost(self.whole, self.place, LISTS)
        ):
            return None
        self.refuse_choices(name)
        if name.endswith((".py", ".toml")):  # a script or a lock, whose lines are no requirements
            return Installation([self.make, _INSTALL_LISTED + shlex.quote(name)], self.words(name))
        found = self._listed(name)
        if name == self.app.dependencies.listed_in:
            return found
        others = lists.beyond(self.whole, self.place, name, (one for one in LISTS if "prod" in one))
        without = "".join(f", without {self.seen(one)}" for one in others)
        return replace(found, words=found.words + without)

    def _listed(self, name: str) -> Installation:
        self.refuse_unread(name)
        beside.refuse_missing_in_list(self.whole, self.place, name)
        self.refuse_index_of_pip(name)
        install = _INSTALL_LISTED + shlex.quote(name)
        has_project = beside.installs_by_path(self.whole, self.place, name)
        is_empty = lists.installs_nothing(self.whole, self.place, name)
        return Installation([self.make, install], self.words(name), has_project, is_empty)

    @property
    def _groups(self) -> str:
        return "".join(f" --group {one}" for one in self.app.dependencies.groups)

    def _asks_for_nothing(self) -> bool:
        chosen = self.app.dependencies
        is_more = chosen.extras or chosen.groups or chosen.package
        return not is_more and pyproject.asks_for_nothing(self.settings)

    def _asks_setuptools_for_nothing(self) -> bool:
        files = ("setup.py", "setup.cfg")
        return not any("install_requires" in self.source.text(name, "replace") for name in files)

"""What a directory is as a project, and what of it is refused. Pure."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deploys.apps import beside, choices, foreign, left_out, lists, misread, pyproject, stale, unreachable
from deploys.apps.installation import make_environment
from deploys.apps.pythons import Wanted, wanted_python
from deploys.apps.source import Source
from deploys.config import App
from deploys.config.sources import Dependencies
from deploys.refusal import Refusal


@dataclass(frozen=True)
class Project:
    """A directory that an app is installed from, and its place in the source."""

    app: App
    source: Source
    """The directory."""
    whole: Source
    """The source that it is of, which may have what it needs beside it."""
    place: str
    """Where it is there: the app's own directory, or one above that; empty for the source's own."""

    @cached_property
    def wanted(self) -> Wanted | None:
        return wanted_python(self.app, self.whole, self.place)

    @property
    def make(self) -> str:
        return make_environment(self.wanted)

    @cached_property
    def settings(self) -> dict[str, Any]:
        return pyproject.settings_in(self.source)

    def refusal(self, found: str, remedy: str) -> Refusal:
        return Refusal(f"{self.source.directory}: found {found}: {remedy}")

    def refuse_stale(self, lock: str | None) -> None:
        if not lock or self.app.dependencies.package:
            return
        text = self.whole.text(posixpath.normpath(posixpath.join(self.place, lock)), "replace")
        if name := stale.in_uv_lock(self.settings, self.app.dependencies, text):
            raise self.refusal(f"{name!r} in pyproject.toml, and not in {lock}", "run `uv lock`")

    def refuse_unread(self, name: str) -> None:
        """See that uv reads a file of requirements, and can have what is in it."""
        lists.refuse_unreadable(self.whole, self.place, name)
        for look in (unreachable.in_entry, misread.in_entry):
            for entry in lists.entries(self.whole, self.place, name):
                if found := look(entry):
                    raise self.refusal(*found)

    def refuse_index(self, file: str, named: Iterable[tuple[str, str]]) -> None:
        if found := foreign.unknown(named, self.app.indexes):
            what, remedy = found
            raise self.refusal(f"{what} in {file}, which only the settings can name", remedy)

    def refuse_index_of_pip(self, name: str) -> None:
        """See that an index besides the public one, of a configuration of pip's, is known elsewhere, too."""
        for file in filter(self.source.has, foreign.FILES_OF_PIP):
            entries = lists.entries(self.whole, self.place, name)
            known = {entry.value for entry in entries if entry.option == "-i"}
            named = foreign.named_by_pip(self.source.text(file, "replace"))
            self.refuse_index(file, [(host, url) for host, url in named if url not in known])

    def refuse_nameless(self) -> None:
        project = self.settings.get("project")
        if isinstance(project, dict) and "name" not in project:
            found = "a [project] without a name in pyproject.toml, which no installer takes"
            raise self.refusal(found, "take [project] out, or write name and version there")

    def refuse_choices(self, name: str) -> None:
        if self.app.dependencies != Dependencies(listed_in=self.app.dependencies.listed_in):
            remedy = "there is no project in its pyproject.toml: remove dependencies, but for listed_in"
            raise Refusal(f"{self.source.directory}: {name} is installed whole, {remedy}")

    def refuse_unknown_choices(self) -> None:
        found = choices.unknown(self.settings, self.app.dependencies)
        if not found and not pyproject.is_project(self.settings):
            setup_cfg, setup_py = (self.source.text(name, "replace") for name in ("setup.cfg", "setup.py"))
            found = choices.unknown_to_setuptools(setup_cfg, setup_py, self.app.dependencies)
        if found:
            raise self.refusal(*found)

    def refuse_missing(self) -> None:
        if found := unreachable.in_project(self.settings, self.app.dependencies):
            raise self.refusal(*found)
        if self.app.dependencies.package is None:
            beside.refuse_missing(self.whole, self.place, self.settings)

    @property
    def without(self) -> str:
        return left_out.words(self.settings, self.app.dependencies)

    def words(self, name: str, *, is_package: bool = False) -> str:
        how = "from its source" if self.app.dependencies.editable else "as a copy"
        return f"what {self.seen(name)} says" + (f", and the project {how}" if is_package else "")

    def seen(self, name: str) -> str:
        """Name a file as the app's own directory sees it."""
        return posixpath.relpath(posixpath.join(self.place, name), self.app.working_directory or ".")

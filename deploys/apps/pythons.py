"""Which Python a project asks for, in its own files. Pure."""

import posixpath
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from deploys.apps import ranges
from deploys.apps.formats import Unreadable
from deploys.apps.python_files import KINDS, Kind
from deploys.apps.source import Source
from deploys.config import App
from deploys.refusal import Refusal

_SETTING = 'set python = "3.…" for the app'


@dataclass(frozen=True)
class Wanted:
    """A Python that is asked for."""

    request: str
    """A version, or what is compared with one, as uv reads it; several of them as `ranges` writes them."""
    by: str
    """The file that says so, or the setting."""

    @property
    def option(self) -> str:
        """Name it to uv, once the environment is there."""
        if len(ranges.alternatives(self.request)) > 1:
            return ' --python "$VIRTUAL_ENV/bin/python"'
        return f" --python {shlex.quote(self.request)}"

    @property
    def make(self) -> str:
        """Give the line of script that makes the environment, or says what to do where nobody has it."""
        first, *others = ranges.alternatives(self.request)
        fetched = f'uv venv --quiet --python {shlex.quote(first)} "$VIRTUAL_ENV"'
        of_the_machine = [
            f'uv venv --quiet --no-python-downloads --python {shlex.quote(each)} "$VIRTUAL_ENV" 2> /dev/null'
            for each in (first, *others)
            if others
        ]
        missing = f"{{ echo {shlex.quote(self._missing)} >&2; exit 1; }}"
        return " || ".join([*of_the_machine, fetched, missing])

    @property
    def _missing(self) -> str:
        return (
            f"{self.by} asks for Python {self.request}, which this server does not have and uv cannot fetch:"
            " install it, let the server reach github.com, or name another by the app's key python"
        )


def wanted_python(app: App, source: Source, place: str | None = None) -> Wanted | None:
    """Find the Python that the settings name, or else the project.

    Args:
        app: the settings.
        source: the whole source, in which the project may have a directory of its own.
        place: the directory that says what to install; the project's own unless given.

    Raises:
        Refusal: a file names one in a way that cannot be read, or two of them have none in common.

    """
    if app.python:
        return Wanted(app.python, "the setting python")
    found: Wanted | None = None
    own = app.working_directory or ""
    directories = list(dict.fromkeys([own, own if place is None else place]))
    for kind in KINDS:
        asked = [
            _of_kind(source, each, kind) for each in (directories[:1] if kind.is_inherited else directories)
        ]
        for each in chain.from_iterable(asked):
            found = _narrower(source, found, each) if found else each
    return found


def _of_kind(source: Source, directory: str, kind: Kind) -> Iterator[Wanted]:
    for name, path in _places(directory, kind):
        if source.has(path):
            try:
                yield from [Wanted(request, path) for request in kind.files[name](source.text(path))]
            except Unreadable as error:
                remedy = f'{_SETTING}, or write there a version or a range, like ">=3.11,<4"'
                raise Refusal(f"{source.path(path)}: {error}: {remedy}") from None
            return


def _places(directory: str, kind: Kind) -> Iterator[tuple[str, str]]:
    """Give where a file of a kind may be, the nearest first, as uv, pyenv and asdf look for theirs."""
    while True:
        for name in kind.files:
            yield name, posixpath.join(directory, name)
        if not (directory and kind.is_inherited):
            return
        directory = posixpath.dirname(directory)


def _narrower(source: Source, one: Wanted, other: Wanted) -> Wanted:
    """Give what satisfies both: uv itself looks at what a project requires only where it installs it."""
    if ranges.implies(one.request, other.request):
        return one
    if ranges.implies(other.request, one.request):
        return other
    try:
        return Wanted(ranges.both(one.request, other.request), f"{one.by} with {other.by}")
    except Unreadable:
        raise Refusal(
            f"{source.directory}: {one.by} asks for Python {one.request}, and {other.by} for {other.request}:"
            f" have them agree, or {_SETTING}"
        ) from None

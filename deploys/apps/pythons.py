"""Which Python a project asks for, in its own files. Pure."""

import configparser
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from deploys.apps import formats
from deploys.apps.source import Source
from deploys.config import App
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_VERSION = re.compile(r"(?:c?python-?)?(3(?:\.\d+){0,2})")
_SPECIFIERS = re.compile(r"(?:(?:===?|~=|!=|[<>]=?)\s*\d[\d.]*(?:\.\*)?\s*,?\s*)+")
_LONGEST = 200
"""Characters of what says which Pythons will do; nobody writes more, and it is read in many ways at once."""
_POETRY_S = re.compile(r"([~^]|==?)?\s*(3)(?:\.(\d+))?(?:\.[\d*]+)?")


@dataclass(frozen=True)
class Wanted:
    """A Python that is asked for."""

    request: str
    """A version, or what is compared with one, as uv reads it."""
    by: str
    """The file that says so, or the setting."""

    @property
    def option(self) -> str:
        return f" --python {shlex.quote(self.request)}"

    @property
    def missing(self) -> str:
        """Say what to do where nobody has it."""
        return (
            f"{self.by} asks for Python {self.request}, which this server does not have and uv cannot fetch:"
            " install it, let the server reach github.com, or name another by the app's key python"
        )


def wanted_python(app: App, source: Source) -> Wanted | None:
    """Find the Python that the settings name, or else the project.

    Raises:
        Refusal: a file names one in a way that says no version.

    """
    if app.python:
        return Wanted(app.python, "the setting python")
    for name, read in _FILES.items():
        if source.has(name) and (found := read(source, name)):
            return Wanted(found, name)
    return None


def _of_version_file(source: Source, name: str) -> str | None:
    lines = (line.partition("#")[0].strip() for line in source.text(name).splitlines())
    word = next(filter(None, lines), None)
    if word is None:
        return None
    if not (found := _VERSION.fullmatch(word)):
        remedy = 'set python = "3.…" for the app, or write a version there'
        raise Refusal(f"{source.directory / name}: {shown(word)!r} is no version of CPython 3: {remedy}")
    return found[1]


def _of_pyproject(source: Source, name: str) -> str | None:
    try:
        settings = formats.toml(source.text(name))
    except formats.Unreadable:
        return None  # who reads the rest of it says so
    match settings:
        case {"project": {"requires-python": str(specifiers)}}:
            return _plain(specifiers)
        case {"tool": {"poetry": {"dependencies": {"python": str(constraint)}}}}:
            return _of_poetry(constraint)
    return None


def _of_poetry(constraint: str) -> str | None:
    """Write Poetry's own operators in the words of PEP 440."""
    found = _POETRY_S.fullmatch(constraint.strip())
    if not found:
        return _plain(constraint)
    operator, major, minor = found.groups()
    if operator == "^":
        return f">=3.{minor or 0},<4"
    if minor is None:
        return ">=3,<4"
    return f">=3.{minor},<3.{int(minor) + 1}" if operator == "~" else f"{major}.{minor}"


def _of_pipenv(source: Source, name: str) -> str | None:
    try:
        lock = formats.json_object(source.text(name))
    except ValueError:
        return None
    match lock:
        case {"_meta": {"requires": {"python_version": str(version)}}}:
            return version if _VERSION.fullmatch(version) else None
    return None


def _of_setup_cfg(source: Source, name: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(source.text(name))
    except configparser.Error:
        return None
    return _plain(parser.get("options", "python_requires", fallback=""))


def _plain(specifiers: str) -> str | None:
    if len(specifiers) > _LONGEST or not _SPECIFIERS.fullmatch(specifiers.strip()):
        return None
    return re.sub(r"\s", "", specifiers)


_FILES: dict[str, Callable[[Source, str], str | None]] = {
    ".python-version": _of_version_file,
    "pyproject.toml": _of_pyproject,
    "Pipfile.lock": _of_pipenv,
    "setup.cfg": _of_setup_cfg,
}
"""The files that may name one, the first that does so counts."""

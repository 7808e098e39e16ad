"""Versions for projects that take theirs from git, which is not there where a release is built. Pure."""

import configparser
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from deploys.apps import formats
from deploys.apps.source import Source

_FOR_ALL = ("PDM_BUILD_SCM_VERSION", "POETRY_DYNAMIC_VERSIONING_BYPASS", "UV_DYNAMIC_VERSIONING_BYPASS")
"""Variables that do not harm the dependencies: a source distribution made with one of these tools knows its
version."""

_SETUPTOOLS_SCM = "SETUPTOOLS_SCM_PRETEND_VERSION"
"""Without a project's name in it, it would rename each dependency that is built with setuptools-scm, too."""

_NAMED = re.compile(r"""\bname\s*=\s*["']([A-Za-z0-9][\w.-]{0,99})["']""", re.ASCII)
"""How setup.py names its project; the name of something else there does no harm."""


def versions(source: Source) -> dict[str, str]:
    """Give the variables that tell the tools the version of the source's own projects."""
    version = _version(source.commit)
    scm = {f"{_SETUPTOOLS_SCM}_FOR_{re.sub(r'[^A-Z0-9]+', '_', name.upper())}" for name in _names(source)}
    return dict.fromkeys((*_FOR_ALL, *sorted(scm)), version)


def sync(command: str, source: Source) -> list[str]:
    """Give the lines of script that run uv's sync command so that it finds the versions."""
    if not any("hatch-vcs" in text for text in _texts(source)):
        return [command]
    # It does not say for which project it asks: so where a lock lets the others come first, they do.
    others = [f"{command} --no-install-workspace"] if source.has("uv.lock") else []
    return [*others, f'{_SETUPTOOLS_SCM}="${_FOR_ALL[0]}" {command}']


def _version(commit: str | None) -> str:
    """Make a local version (PEP 440); the `g` keeps digits from being read as a number."""
    return f"0+g{commit.replace('+', '.changed')}" if commit else "0"


def _names(source: Source) -> Iterator[str]:
    for text in _texts(source):
        with suppress(formats.Unreadable):  # a template, or a test's own
            match formats.toml(text):
                case {"project": {"name": str(name)}}:
                    yield name
    for text in _texts(source, "setup.cfg"):
        parser = configparser.ConfigParser(interpolation=None)
        with suppress(configparser.Error):
            parser.read_string(text)
            yield from filter(None, [parser.get("metadata", "name", fallback="")])
    for text in _texts(source, "setup.py"):
        yield from _NAMED.findall(text)


def _texts(source: Source, kind: str = "pyproject.toml") -> Iterator[str]:
    for name in source.files:
        if PurePosixPath(name).name == kind and source.path(name).is_file():
            yield source.text(name, "replace")

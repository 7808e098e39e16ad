"""What a source tells uv of itself and of the machine, where releases are built by gatehouse's own. Pure."""

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from deploys.apps import formats
from deploys.apps.source import Source
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_KEY = "required-version"
_FOR_ANOTHER_MACHINE = "python-version", "python-platform"
"""What `uv pip` would choose packages for, whatever they are installed into."""


def refuse_another(whole: Source, directory: str, version: str, python: str | None) -> None:
    """See that the source lets a uv run in one of its directories, and install for the machine that it is on.

    Args:
        whole: the source.
        directory: the one in it; empty for the source itself.
        version: that of the uv which will run there.
        python: the Python that the settings name.

    Raises:
        Refusal: it asks for other versions, or for packages of another Python's.

    """
    for name in _files(directory):
        settings = _settings(whole, name)
        if settings is None:
            continue
        wanted = settings.get(_KEY)
        if isinstance(wanted, str) and not _allows(wanted, version):
            remedy = f"releases are built by uv {version}: take it out, or have it allow that"
            raise Refusal(f"{whole.path(name)}: found {_KEY} = {shown(wanted)!r}: {remedy}")
        for key in _FOR_ANOTHER_MACHINE:
            found = formats.table(settings.get("pip")).get(key)
            if isinstance(found, str) and found != python:
                remedy = "packages would be chosen for that, and not for the server: take it out"
                raise Refusal(f"{whole.path(name)}: found {key} = {shown(found)!r} of uv pip: {remedy}")
        return


def _files(directory: str) -> Iterator[str]:
    """Name the files of which uv reads the first that is there and has settings."""
    while True:
        yield from (posixpath.join(directory, name) for name in ("uv.toml", "pyproject.toml"))
        if not directory:
            return
        directory = posixpath.dirname(directory)


def _settings(whole: Source, name: str) -> dict[str, Any] | None:
    if not whole.has(name):
        return None
    with suppress(formats.Unreadable):  # which uv itself then says
        found = formats.toml(whole.text(name, "replace"))
        if posixpath.basename(name) == "uv.toml":
            return found
        uv = formats.table(found.get("tool")).get("uv")
        return uv if isinstance(uv, dict) else None
    return None


def _allows(wanted: str, version: str) -> bool:
    """Say whether uv takes a version for one that is wanted; what it cannot read, it says itself."""
    try:
        return SpecifierSet(f"=={wanted}" if wanted[:1].isdigit() else wanted).contains(version)
    except InvalidSpecifier:
        return True

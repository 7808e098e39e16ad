"""What a pyproject.toml says of how its project is installed. Pure."""

from typing import Any

from deploys.apps import formats
from deploys.apps.source import Source
from deploys.refusal import Refusal

_NAME = "pyproject.toml"
_SETUPTOOLS = "setuptools"
"""What builds a project that names no build backend."""


def settings_in(source: Source) -> dict[str, Any]:
    """Read the file of a source; nothing where it has none.

    Raises:
        Refusal: it cannot be read.

    """
    path = source.path(_NAME)
    if source.is_marked(_NAME):
        remedy = "save it as UTF-8 without a byte order mark, which build backends do not read"
        raise Refusal(f"{path}: {remedy}")
    try:
        return formats.toml(source.text(_NAME))
    except formats.Unreadable as error:
        raise Refusal(f"{path}: cannot be read: {error}") from None


def is_project(settings: dict[str, Any]) -> bool:
    """Say whether it is more than a place for the settings of tools."""
    match settings:
        case {"project": _} | {"tool": {"uv": {"workspace": _}}}:
            return True
    return False


def asks_for_nothing(settings: dict[str, Any]) -> bool:
    """Say whether it has a project that needs no other."""
    match settings:
        case {"tool": {"poetry": _}}:
            return False
        case {"project": dict() as project}:
            return not project.get("dependencies") and "dependencies" not in formats.texts(
                project.get("dynamic")
            )
    return False


def is_uv_s(settings: dict[str, Any]) -> bool:
    """Say whether it says something to uv alone; of any other, pip installs no more than is asked for.

    `uv sync` looks for versions of all extras and groups, though an extra for development may be private.
    """
    match settings:
        case {"tool": {"uv": _}}:
            return is_project(settings)
    return False


def has_packages_of_uv(settings: dict[str, Any]) -> bool:
    """Say whether uv installs what is in the source though it names no build backend."""
    match settings:
        case {"tool": {"uv": {"package": True} | {"workspace": _}}}:
            return True
    return False


def is_poetry_s(settings: dict[str, Any]) -> bool:
    """Say whether Poetry is told what it needs."""
    match settings:
        case {"tool": {"poetry": {"dependencies": _} | {"group": _}}}:
            return True
    return False


def is_listed_by_poetry(settings: dict[str, Any]) -> bool:
    """Say whether Poetry alone can tell what the project needs.

    It is told to install no package, or builds the project by itself as no build backend of its own is named:
    setuptools, which takes the place of one, knows nothing of Poetry's dependencies.
    """
    match settings:
        case {"tool": {"poetry": {"package-mode": False}}}:
            return True
    backend = formats.table(settings.get("build-system")).get("build-backend", _SETUPTOOLS)
    return is_poetry_s(settings) and str(backend).startswith(_SETUPTOOLS)

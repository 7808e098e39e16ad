"""What a pyproject.toml says of how its project is installed. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from deploys.apps import formats, lists
from deploys.apps.purposes import is_for_use
from deploys.apps.source import Source
from deploys.config.sources import Dependencies
from deploys.refusal import Refusal

_NAME = "pyproject.toml"
_BY_PATH = re.compile(r"[\w.-]+(?:\[[^\]]*\])?\s?@\s?(?P<path>\./[^\s;]+)(?:\s?;.*)?")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*")
_OF_HATCH = re.compile(r"\{root:uri\}/")
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
        case {"project": dict() as project} if project.keys() - {"requires-python"}:
            return True
        case {"tool": {"uv": {"workspace": _}}}:
            return True
        case {"tool": {"flit": {"metadata": _}}, "build-system": _}:
            return True
    return False


def asks_for_nothing(settings: dict[str, Any]) -> bool:
    """Say whether it has a project that needs no other, as far as the file says so."""
    match settings:
        case {"tool": {"uv": {"workspace": _} | {"default-groups": _}}}:
            return False
        case {"tool": {"poetry": {"dependencies": dict() as needed}}} if needed.keys() - {"python"}:
            return False
        case {"tool": {"flit": {"metadata": {"requires": _}}}} if "project" not in settings:
            return False
        case {"project": dict() as project}:
            return not project.get("dependencies") and "dependencies" not in formats.texts(
                project.get("dynamic")
            )
    return is_poetry_s(settings) or is_project(settings)


def installs_by_path(settings: dict[str, Any]) -> bool:
    """Say whether another project of the source may be installed with it, so that its modules are found."""
    tool = formats.table(settings.get("tool"))
    named = [
        *formats.table(formats.table(tool.get("uv")).get("sources")).values(),
        *formats.table(formats.table(tool.get("poetry")).get("dependencies")).values(),
    ]
    several = (one for each in named for one in formats.objects(each if isinstance(each, list) else [each]))
    return bool(paths(settings)) or any(one.keys() & {"path", "workspace"} for one in several)


def paths(settings: dict[str, Any]) -> list[str]:
    """Give what a project asks for by its path in it, as PDM and Hatch write that."""
    asked = formats.texts(formats.table(settings.get("project")).get("dependencies"))
    found = (_BY_PATH.fullmatch(_OF_HATCH.sub("./", lists.relative(text))) for text in asked)
    return [each["path"] for each in found if each]


def groups(settings: dict[str, Any]) -> list[str]:
    """Name its groups of dependencies that have some."""
    of_poetry = formats.table(formats.table(settings.get("tool")).get("poetry")).get("group")
    named = {
        name: formats.table(group).get("dependencies") for name, group in formats.table(of_poetry).items()
    }
    named |= formats.table(settings.get("dependency-groups"))
    return sorted(name for name, needed in named.items() if needed)


def groups_of_others(settings: dict[str, Any], chosen: Dependencies) -> list[str]:
    """Name the groups that `uv sync` would install unasked, and that are for development or tests.

    Args:
        settings: what is in the file.
        chosen: what is asked for; of a member's own groups, in a workspace, nothing is known here.

    """
    there = {canonicalize_name(name) for name in formats.table(settings.get("dependency-groups"))}
    known = there - {canonicalize_name(name) for name in (*chosen.groups, "dev")}
    found = [] if chosen.package else map(canonicalize_name, default_groups(settings))
    return [name for name in found if name in known and _PLAIN.fullmatch(name) and not is_for_use(name)]


def default_groups(settings: dict[str, Any]) -> tuple[str, ...]:
    """Name the groups that `uv sync` installs unasked, besides `dev`."""
    uv = formats.table(formats.table(settings.get("tool")).get("uv"))
    default = uv.get("default-groups")
    there = formats.table(settings.get("dependency-groups"))
    return (*there,) if default == "all" else (*formats.texts(default),)


def foreign_tables(settings: dict[str, Any]) -> Iterator[str]:
    """Name the tables that tell another program than those that install here of dependencies."""
    tool = formats.table(settings.get("tool"))
    if formats.table(formats.table(tool.get("flit")).get("metadata")).get("requires"):
        yield "tool.flit.metadata"
    for name, environment in formats.table(formats.table(tool.get("hatch")).get("envs")).items():
        known = formats.table(environment)
        if known.get("dependencies") or known.get("extra-dependencies"):
            yield f"tool.hatch.envs.{name}"
    pixi = formats.table(tool.get("pixi"))
    for name in ("dependencies", "pypi-dependencies"):
        if formats.table(pixi.get(name)).keys() - {"python"}:
            yield f"tool.pixi.{name}"


def is_uv_s(settings: dict[str, Any]) -> bool:
    """Say whether it says something to uv alone; of any other, pip installs no more than is asked for.

    `uv sync` looks for versions of all extras and groups, though an extra for development may be private.
    """
    match settings:
        case {"tool": {"uv": _}}:
            return is_project(settings)
    return False


def is_whole_to_uv(settings: dict[str, Any]) -> bool:
    """Say whether `uv sync` installs more than what the project asks for."""
    match settings:
        case {"tool": {"uv": {"package": True} | {"workspace": _} | {"default-groups": _}}}:
            return True
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

"""Whether a project has what of it is to be installed: pip passes over an extra that it has not. Pure."""

import configparser
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from packaging.utils import canonicalize_name

from deploys.apps import formats
from deploys.config.remedies import meant
from deploys.config.sources import Dependencies

_IN_ANY_CASE = {"dev"}
"""A group that uv lets a project have in a place of its own."""


def unknown(settings: dict[str, Any], chosen: Dependencies) -> tuple[str, str] | None:
    """Find an extra or a group that is not there: what was found instead, and the remedy.

    Args:
        settings: what is in pyproject.toml; one that does not list its extras there may have any.
        chosen: what is asked for; in a workspace, of a member with a file of its own.

    """
    match settings:
        case {"project": {"dynamic": [*dynamic]}} if "optional-dependencies" in dynamic:
            return None
        case {"project": dict() as project} if chosen.package is None:
            extras = formats.table(project.get("optional-dependencies"))
            return _unknown("extras", chosen.extras, extras) or _unknown_group(settings, chosen)
        case {"tool": {"poetry": {"dependencies": _} | {"group": _} as poetry}} if "project" not in settings:
            extras = formats.table(poetry.get("extras"))
            return _unknown("extras", chosen.extras, extras) or _unknown_group(settings, chosen)
        case {"tool": {"flit": {"metadata": dict() as flit}}} if "project" not in settings:
            return _unknown("extras", chosen.extras, formats.table(flit.get("requires-extra")))
        case {"dependency-groups": _} if "project" not in settings:
            return _unknown_group(settings, chosen)
    return None


def unknown_to_setuptools(setup_cfg: str, setup_py: str, chosen: Dependencies) -> tuple[str, str] | None:
    """Find an extra that setup.cfg does not have: as for pyproject.toml, by the texts of the files.

    What setup.py has, besides or alone, only who runs it comes to know.
    """
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    with suppress(configparser.Error):
        parser.read_string(setup_cfg)
        if "extras_require" not in setup_py and parser.has_section("metadata"):
            name = "options.extras_require"
            extras = parser.options(name) if parser.has_section(name) else ()
            return _unknown("extras", chosen.extras, extras, "setup.cfg")
    return None


def _unknown_group(settings: dict[str, Any], chosen: Dependencies) -> tuple[str, str] | None:
    groups = {**formats.table(settings.get("dependency-groups")), **_of_poetry(settings)}
    return _unknown("groups", {*chosen.groups} - _IN_ANY_CASE, groups)


def _of_poetry(settings: dict[str, Any]) -> dict[str, Any]:
    match settings:
        case {"tool": {"poetry": {"group": dict() as groups}}}:
            return groups
    return {}


def _unknown(
    key: str, chosen: Collection[str], there: Collection[str], file: str = "pyproject.toml"
) -> tuple[str, str] | None:
    names = {canonicalize_name(name) for name in there}
    for name in sorted(chosen):
        if canonicalize_name(name) not in names:
            remedy = f"{meant(name, there)}take it out of dependencies[{key!r}], or add it there"
            return f"no {name!r} among the {key} in {file}", remedy
    return None

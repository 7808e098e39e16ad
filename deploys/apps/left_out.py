"""What a project offers besides what is installed of it, for whoever reads the plan. Pure."""

from typing import Any

from packaging.utils import canonicalize_name

from deploys.apps import formats, pyproject
from deploys.apps.purposes import is_for_use
from deploys.config.sources import Dependencies
from deploys.onhost.words import shown

_MOST = 6
"""Names that are told of one kind."""


def words(settings: dict[str, Any], chosen: Dependencies) -> str:
    """Name extras and groups that nobody has asked for, but for those that are for development or tests.

    Args:
        settings: what is in pyproject.toml.
        chosen: what is asked for; of a member, in a workspace, nothing is known here.

    """
    if chosen.package:
        return ""
    kinds = (
        ("extra", _extras(settings), chosen.extras),
        ("group", pyproject.groups(settings), (*chosen.groups, *pyproject.default_groups(settings))),
    )
    found = [_named(kind, _others(there, taken)) for kind, there, taken in kinds]
    return "".join(f", without its {each}" for each in found if each)


def _extras(settings: dict[str, Any]) -> list[str]:
    tool = formats.table(settings.get("tool"))
    there = formats.table(formats.table(settings.get("project")).get("optional-dependencies"))
    there = there or formats.table(formats.table(tool.get("poetry")).get("extras"))
    return sorted(name for name, needed in there.items() if needed)


def _others(there: list[str], taken: tuple[str, ...]) -> list[str]:
    known = {canonicalize_name(name) for name in taken}
    return [name for name in there if canonicalize_name(name) not in known and is_for_use(name)]


def _named(kind: str, names: list[str]) -> str:
    told = [shown(name) for name in names[:_MOST]]
    if len(names) > _MOST:
        told.append(f"{len(names) - _MOST} more")
    together = " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))
    return f"{kind}{'s' if len(names) > 1 else ''} {together}" if names else ""

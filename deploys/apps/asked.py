"""What a project asks for by its pyproject.toml, of all that it has to choose from. Pure."""

import re
from typing import Any

from deploys.apps import formats
from deploys.config.sources import Dependencies

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""A package's or an extra's, as a requirement begins with it (PEP 508)."""


def requirements(settings: dict[str, Any], chosen: Dependencies) -> list[str]:
    """List the requirements of a project itself, and of the extras and groups that are chosen.

    Args:
        settings: what is in pyproject.toml.
        chosen: what of it is installed.

    """
    project = formats.table(settings.get("project"))
    asked = formats.texts(project.get("dependencies"))
    for table, names in (
        (project.get("optional-dependencies"), chosen.extras),
        (settings.get("dependency-groups"), chosen.groups),
    ):
        asked += [text for name in names for text in formats.texts(formats.table(table).get(name))]
    return asked

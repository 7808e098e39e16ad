"""Which extras of a package are asked for, by a project or by what it needs. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from deploys.apps import formats
from deploys.apps.asked import NAME

_ASKED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*\[([A-Za-z0-9._,\s-]*)\]")


def extras_of(name: str, packages: list[dict[str, Any]], settings: dict[str, Any]) -> str:
    """Give them as a requirement has them; empty where there are none.

    Args:
        name: the package.
        packages: those of a lock of Poetry's or PDM's.
        settings: what is in pyproject.toml.

    """
    own = canonicalize_name(name)
    found = {
        extra.strip()
        for asked in _askers(packages, settings)
        for called, extras in _asked(asked)
        if canonicalize_name(called) == own
        for extra in extras
    }
    for package in packages:  # as PDM has them
        if canonicalize_name(str(package.get("name"))) == own:
            found |= {*formats.texts(package.get("extras"))}
    named = sorted(filter(NAME.fullmatch, found))
    return f"[{','.join(named)}]" if named else ""


def _askers(packages: list[dict[str, Any]], settings: dict[str, Any]) -> Iterator[object]:
    """Give tables and lists of what is asked for."""
    yield from (package.get("dependencies") for package in packages)
    project, tool = formats.table(settings.get("project")), formats.table(settings.get("tool"))
    yield project.get("dependencies")
    yield from formats.table(project.get("optional-dependencies")).values()
    yield from formats.table(settings.get("dependency-groups")).values()
    of_poetry = formats.table(tool.get("poetry"))
    yield of_poetry.get("dependencies")
    for group in formats.table(of_poetry.get("group")).values():
        yield formats.table(group).get("dependencies")


def _asked(asked: object) -> Iterator[tuple[str, list[str]]]:
    for text in formats.texts(asked):
        if found := _ASKED.match(text):
            yield found[1], found[2].split(",")
    for name, how in formats.table(asked).items():
        for one in formats.objects(how if isinstance(how, list) else [how]):
            yield name, formats.texts(one.get("extras"))

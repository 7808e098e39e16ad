"""Package indexes that a project names for another program, which the settings must have, too. Pure."""

import configparser
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from deploys.apps import formats
from deploys.config.sources import Indexes
from deploys.onhost.words import shown

PUBLIC = (("pypi", "org"), ("pypi", "python", "org"), ("files", "pythonhosted", "org"))
"""The hosts of the index that uv asks unless told otherwise, by the labels of their names."""
FILES_OF_PIP = ("pip.conf", "pip.ini")
"""Configurations of pip's, which whoever installs a project copies to where pip looks for them."""
_TABLES = (("poetry", "source"), ("pdm", "source"), ("rye", "sources"))


def named_in(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the name and the URL of each that pyproject.toml names, and uv does not read there."""
    tool = formats.table(settings.get("tool"))
    for program, key in _TABLES:
        for one in formats.objects(formats.table(tool.get(program)).get(key)):
            if "url" in one:
                yield str(one.get("name")), str(one["url"])


def named_by_pip(text: str) -> list[tuple[str, str]]:
    """Give the host and the URL of each that a configuration of pip's names besides the public one."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    with suppress(configparser.Error):
        parser.read_string(text)
    values = [
        parser.get(section, key)
        for section in parser.sections()
        for key in ("extra-index-url", "extra_index_url")
        if parser.has_option(section, key)
    ]
    return [(_place(url)[0], url) for value in values for url in value.split()]


def unknown(named: Iterable[tuple[str, str]], indexes: Indexes) -> tuple[str, str] | None:
    """Find one that the settings do not have: from the public index came what only has its packages' names.

    Args:
        named: the name and the URL of each.
        indexes: those of the settings.

    Returns:
        What was found, and the remedy.

    """
    known = {_place(url) for url in filter(None, (indexes.default_url, *indexes.extra_urls))}
    for name, url in named:
        place = _place(url)
        if place not in known and tuple(place[0].split(".")) not in PUBLIC:
            bare = shown("https://" + "".join(place), 200)
            remedy = f'write indexes = {{"extra": ["{bare}"]}}, with "url", "user" and "password" for a login'
            return f"the package index {shown(name)!r}", remedy
    return None


def _place(url: str) -> tuple[str, str]:
    """Give the host and the path of an index, without a login."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    return parts.netloc.rpartition("@")[2].lower(), parts.path.rstrip("/")

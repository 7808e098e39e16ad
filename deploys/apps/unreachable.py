"""What no build can have: what is on another machine, or wants a login or a key. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from deploys.apps import formats, lists
from deploys.apps.asked import NAME, requirements
from deploys.apps.lists import Entry
from deploys.config.sources import Dependencies
from deploys.onhost.words import shown

Found = tuple[str, str]
"""What was found, and the remedy."""

_VARIABLE = re.compile(r"\$\{[A-Za-z_]\w{0,60}\}")
"""What pip and uv take from the environment."""
_ON_ANOTHER_MACHINE = re.compile(r"(?P<frozen>@ ?)?file:///")
"""What `pip freeze` says of a package that came from a file, as conda's do, and whatever is at such a URL."""
_BY_KEY = re.compile(r"\bssh://|\bgit\+[\w.-]+@")
_LOGIN = re.compile(r"\b(?P<scheme>[a-z][a-z+]{0,20})://(?P<login>[^/\s@]+)@")
_OPEN_TO_ALL = "git"
"""A login that hosts of repositories ask nothing of, where all may read."""

_OF_PROJECT = "pyproject.toml"
_BY_SOURCES = "have it in sources, and name it by its place there, as in ./lib"
_BY_TABLE = 'have it in sources, and name it by its place there, as in [tool.uv.sources] lib = {path = "lib"}'


def in_entry(entry: Entry) -> Found | None:
    """Find it in an entry of a file of requirements."""
    if found := _VARIABLE.search(entry.line):
        remedy = (
            "a build has no secrets: take the line out, and have a private index in indexes,"
            " or a private repository in sources"
        )
        return f"{found[0]} in {entry.file}", remedy
    return _in_text(entry.line, entry.file)


def in_project(settings: dict[str, Any], chosen: Dependencies) -> Found | None:
    """Find it in pyproject.toml, as far as it is asked for."""
    texts = map(lists.relative, _texts(settings, chosen))
    return next(filter(None, (_in_text(text, _OF_PROJECT) for text in texts)), None)


def _in_text(text: str, file: str) -> Found | None:
    by_sources = _BY_TABLE if file == _OF_PROJECT else _BY_SOURCES
    line = shown(_LOGIN.sub(r"\g<scheme>://***@", text))
    if found := _ON_ANOTHER_MACHINE.search(text):
        as_frozen = "write versions instead, as `pip list --format=freeze` does, or have it in sources"
        remedy = as_frozen if found["frozen"] and by_sources == _BY_SOURCES else by_sources
        return f"{line!r} in {file}, which is on another machine", remedy
    if _BY_KEY.search(text):
        return f"{line!r} in {file}, for which a build has no key", by_sources
    if (found := _LOGIN.search(text)) and found["login"] != _OPEN_TO_ALL:
        remedy = "take it out, and write the index in indexes, with user and password"
        is_repository = found["scheme"].startswith("git")
        return f"a login in {line!r} in {file}", f"take it out: {by_sources}" if is_repository else remedy
    return None


def _texts(settings: dict[str, Any], chosen: Dependencies) -> Iterator[str]:
    """Give requirements, and where uv and Poetry are to take them from."""
    tool = formats.table(settings.get("tool"))
    asked = requirements(settings, chosen)
    yield from asked
    uv, poetry = formats.table(tool.get("uv")), formats.table(tool.get("poetry"))
    needed = {canonicalize_name(found[0]) for found in map(NAME.match, asked) if found}
    for name, source in formats.table(uv.get("sources")).items():
        if canonicalize_name(name) in needed:
            yield from _places(source)
    for source in formats.table(poetry.get("dependencies")).values():
        if not formats.table(source).get("optional"):
            yield from _places(source)
    for index in formats.objects(uv.get("index")):
        yield from formats.texts([index.get("url")])
    yield from formats.texts([uv.get("index-url"), *formats.texts(uv.get("extra-index-url"))])


def _places(source: object) -> Iterator[str]:
    for one in formats.objects(source if isinstance(source, list) else [source]):
        if isinstance(git := one.get("git"), str):
            yield f"git+{git}"
        yield from formats.texts([one.get("url"), one.get("path")])

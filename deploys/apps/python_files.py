"""What each file of a project, of whichever tool it is, says of the Python that it is for. Pure."""

import configparser
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploys.apps import formats, ranges
from deploys.apps.formats import Unreadable
from deploys.onhost.words import shown

_SETUP_S = re.compile(
    r"^[^#\n]*\bpython_requires[\"']?\s{0,20}[=:]\s{0,20}(?:([\"'])([^\"'\n]*)\1|([A-Za-z_]\w{0,99}))\s{0,20}[,)}#]",
    re.MULTILINE,
)
"""What setup.py says in so many words, or by the name of a constant."""


@dataclass(frozen=True)
class Kind:
    """Files of one kind, of which the first that is there counts."""

    files: Mapping[str, Callable[[str], Iterator[str]]]
    """By their names, what gives what the text of one asks for: nothing where it does not say, and
    Unreadable where nobody can tell."""
    is_inherited: bool = False
    """Whether one counts for the directories below its own, too, unless they have one."""


def _ask(value: object, key: str = "", read: Callable[[str], str] = ranges.of_word) -> Iterator[str]:
    """Give what a value asks for, nothing where there is none."""
    if value is None:
        return
    if not isinstance(value, str):
        raise Unreadable(f"{key} is no text")
    try:
        request = read(value)
    except Unreadable as error:
        raise Unreadable(f"{key} {shown(value.strip())!r} {error}".lstrip()) from None
    if request != ranges.ANY:
        yield request


def _lines(text: str) -> list[str]:
    return [line for each in text.splitlines() if (line := each.partition("#")[0].strip())]


def _of_version_file(text: str) -> Iterator[str]:
    for line in _lines(text)[:1]:
        yield from _ask(line)


def _of_pyproject(text: str) -> Iterator[str]:
    settings = _readable(formats.toml, text)
    project = formats.table(settings.get("project"))
    yield from _ask(project.get("requires-python"), "requires-python", ranges.of_specifiers)
    poetry = formats.table(formats.table(settings.get("tool")).get("poetry"))
    python = formats.table(poetry.get("dependencies")).get("python")
    yield from _ask(python, "Poetry's python", ranges.of_poetry)


def _of_pipfile_lock(text: str) -> Iterator[str]:
    meta = formats.table(_readable(formats.json_object, text).get("_meta"))
    return _of_pipenv(meta.get("requires"))


def _of_pipfile(text: str) -> Iterator[str]:
    return _of_pipenv(_readable(formats.toml, text).get("requires"))


def _of_pipenv(requires: object) -> Iterator[str]:
    for key in ("python_full_version", "python_version"):
        yield from _ask(formats.table(requires).get(key), key)


def _of_uv_lock(text: str) -> Iterator[str]:
    """Read what all members of a workspace together are for, in its first lines: the rest is long."""
    found = re.search(r'^requires-python = "([^"\n]*)"', text[:1000], re.MULTILINE)
    return _ask(found and found[1], "requires-python", ranges.of_specifiers)


def _of_pylock(text: str) -> Iterator[str]:
    found = _readable(formats.toml, text).get("requires-python")
    return _ask(found, "requires-python", ranges.of_specifiers)


def _of_setup_cfg(text: str) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        if "python_requires" in text:
            raise Unreadable("cannot be read, and has python_requires") from None
        return
    found = parser.get("options", "python_requires", fallback=None)
    yield from _ask(found, "python_requires", ranges.of_specifiers)


def _of_setup(text: str) -> Iterator[str]:
    """Read what is written there; what is computed, only who installs the project comes to know."""
    if not (found := _SETUP_S.search(text)):
        return
    value, name = found[2], found[3]
    if name:
        constant = re.search(rf"^{name} ?= ?([\"'])([^\"'\n]*)\1\s*?(?:#|$)", text, re.MULTILINE)
        value = constant and constant[2]
    yield from _ask(value, "python_requires", ranges.of_specifiers)


def _of_runtime(text: str) -> Iterator[str]:
    """Read Heroku's file, whose name others use for other languages."""
    for line in _lines(text)[:1]:
        if re.match(r"\d|[a-z]*py", line):
            yield from _ask(line)


def _of_asdf(text: str) -> Iterator[str]:
    for line in _lines(text):
        match line.split():
            case ["python", version, *_] if version != "system":
                yield from _ask(version, "python")


def _of_mise(text: str) -> Iterator[str]:
    match formats.table(_readable(formats.toml, text).get("tools")).get("python"):
        case {"version": version} | [{"version": version}, *_] | [version, *_] | version:
            if version not in ("system", []):
                yield from _ask(version, "python")


def _readable(read: Callable[[str], dict[str, Any]], text: str) -> dict[str, Any]:
    try:
        return read(text)
    except Unreadable as error:
        raise Unreadable(f"cannot be read: {error}") from None


KINDS = (
    Kind(dict.fromkeys((".python-version", ".python-versions"), _of_version_file), is_inherited=True),
    Kind({"pyproject.toml": _of_pyproject}),
    Kind({"Pipfile.lock": _of_pipfile_lock, "Pipfile": _of_pipfile}),
    Kind({"uv.lock": _of_uv_lock}),
    Kind({"pylock.toml": _of_pylock}),
    Kind({"setup.cfg": _of_setup_cfg}),
    Kind({"setup.py": _of_setup}),
    Kind({"runtime.txt": _of_runtime}),
    Kind({".tool-versions": _of_asdf}, is_inherited=True),
    Kind(dict.fromkeys(("mise.toml", ".mise.toml"), _of_mise), is_inherited=True),
)
"""All that may say so."""

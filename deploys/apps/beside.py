"""What a project asks for by its path, which must come along with it. Pure."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from deploys.apps import formats, lists, pyproject
from deploys.apps.source import Source
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_NAMED = re.compile(r"^[\w.-]+\s?@\s?")
_ARCHIVES = (".whl", ".tar.gz", ".zip")
_OF_A_PERSON = re.compile(r"/(?:home|Users|root|tmp|private|mnt|media|Volumes)/|~|[A-Za-z]:[\\/]")
"""How a path begins that somebody's own machine has."""

Candidates = tuple[str, ...]
"""The paths that one may stand for."""


class _Named(NamedTuple):
    candidates: Candidates
    is_list: bool
    """Whether it is a file of requirements or a folder of files, or else what is installed itself."""


def refuse_missing_in_list(whole: Source, directory: str, name: str) -> None:
    """See that all that a file of requirements names by its path is there.

    Args:
        whole: the source.
        directory: the one in it that the app is installed from; empty for the source itself.
        name: the file, as that directory has it.

    Raises:
        Refusal: something is not.

    """
    _refuse(whole, directory, name, (named.candidates for named in _of_list(whole, directory, name)))


def installs_by_path(whole: Source, directory: str, name: str) -> bool:
    """Say whether a file of requirements names by its path what is installed: maybe the project itself.

    Args:
        whole: the source.
        directory: the one in it that the app is installed from; empty for the source itself.
        name: the file, as that directory has it.

    """
    return not all(named.is_list for named in _of_list(whole, directory, name))


def refuse_missing(whole: Source, directory: str, settings: dict[str, Any]) -> None:
    """See that all that pyproject.toml, whose settings are given, names by its path is there.

    Raises:
        Refusal: something is not.

    """
    refuse_missing_paths(whole, directory, "pyproject.toml", pyproject.paths(settings))
    tool = formats.table(settings.get("tool"))
    for program, key in (("uv", "sources"), ("poetry", "dependencies")):
        for named in formats.table(formats.table(tool.get(program)).get(key)).values():
            several = formats.objects(named if isinstance(named, list) else [named])
            paths = [one["path"] for one in several if isinstance(one.get("path"), str)]
            refuse_missing_paths(whole, directory, "pyproject.toml", paths)


def refuse_missing_paths(whole: Source, directory: str, name: str, paths: list[str]) -> None:
    """See that the paths that a file names, given as for the others, are there.

    Raises:
        Refusal: one is not.

    """
    _refuse(whole, directory, name, ((path,) for path in paths))


def _of_list(whole: Source, directory: str, first: str) -> Iterator[_Named]:
    """Give the paths in a file of requirements and in those that it names, however many there are."""
    for entry in lists.entries(whole, directory, first):
        if entry.is_list:
            yield _Named((entry.beside,), is_list=True)
        elif "://" in entry.value or "$" in entry.value:
            continue
        elif path := _path(entry):
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(entry.file), path))
            is_folder = entry.option == "-f"  # which uv looks for from the file
            yield _Named((beside,) if is_folder else (path, beside), is_list=is_folder)


def _path(entry: lists.Entry) -> str | None:
    """Give the path that is installed from, or that has files to choose from."""
    if entry.option in {"-e", "-f"}:
        return entry.value
    path = _NAMED.sub("", entry.value)
    is_path = path.startswith(".") or "/" in path or path.endswith(_ARCHIVES)
    return path if is_path and not entry.option and not path.startswith("-") else None


def _refuse(whole: Source, directory: str, name: str, found: Iterator[Candidates]) -> None:
    for candidates in found:
        places = [posixpath.normpath(posixpath.join(directory, path)) for path in candidates]
        is_a_person_s = _OF_A_PERSON.match(candidates[0])
        if any(map(whole.reaches, places)) and not is_a_person_s:
            continue
        remedy = "have git not ignore it, or name it in include"
        if all(place.startswith("../") for place in places):
            remedy = "write the directory that has both as the source, and this one as its working_directory"
        if is_a_person_s:
            remedy = "have it in sources, and name it by its place there, as in ./lib"
        where = whole.directory / directory / name
        raise Refusal(f"{where}: {shown(candidates[0], 100)!r} is not in the source: {remedy}")

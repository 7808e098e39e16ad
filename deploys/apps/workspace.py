"""Workspaces of uv's, whose members are locked together, by a file that lies above them."""

from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from deploys.apps import formats, readable
from deploys.apps.source import Source
from deploys.onhost.words import shown
from deploys.refusal import Refusal


def refuse_member(root: Path, key: str) -> None:
    """See that a source's lock is not left behind, without which newer versions would come without a word.

    Args:
        root: the source's directory.
        key: the setting that names it, for the message.

    Raises:
        Refusal: it is a member of a workspace that lies above it and is locked.

    """
    match _pyproject(root):
        case {"project": {"name": str(name)}} if not (root / "uv.lock").exists():
            pass
        case _:
            return
    for parent in root.parents:
        if (parent / "uv.lock").exists() and _has_member(parent, root.relative_to(parent)):
            member = shown(root.relative_to(parent).as_posix(), 200)
            raise Refusal(
                f"{key}: {member!r} is a member of a workspace, whose uv.lock lies above it:"
                f' write the directory of the workspace, and dependencies = {{"package": "{shown(name)}"}}'
            )


def lock_above(whole: Source, place: str) -> str | None:
    """Find the lock of the workspace that a directory is a member of.

    Args:
        whole: the source.
        place: the directory in it.

    Returns:
        The path of the file in the source; none where no workspace has it.

    """
    for parent in PurePosixPath(place).parents if place else ():
        lock = str(parent / "uv.lock")
        member = PurePosixPath(place).relative_to(parent)
        if whole.has(lock) and _has_member(whole.path(lock).parent, member):
            return lock
    return None


def _has_member(parent: Path, member: PurePath) -> bool:
    patterns = _pyproject(parent)
    for key in ("tool", "uv", "workspace"):
        patterns = formats.table(patterns.get(key))
    named, left_out = (
        any(_names(pattern, member) for pattern in formats.texts(patterns.get(key)))
        for key in ("members", "exclude")
    )
    return named and not left_out


def _names(pattern: str, path: PurePath) -> bool:
    """Say whether a pattern of uv's names a path; nothing is looked for by it, which might take for ever."""
    wanted = [part for part in pattern.split("/") if part not in {"", "."}]
    # Where in the pattern we may be, after each part of the path.
    places = _passing_stars(wanted, {0})
    for part in path.parts:
        places = _passing_stars(
            wanted,
            {
                place + (wanted[place] != "**")
                for place in places
                if place < len(wanted) and (wanted[place] == "**" or fnmatchcase(part, wanted[place]))
            },
        )
    return bool(wanted) and len(wanted) in places


def _passing_stars(wanted: list[str], places: set[int]) -> set[int]:
    """Add where else we may be, as `**` may stand for nothing."""
    for place, part in enumerate(wanted):
        if place in places and part == "**":
            places.add(place + 1)
    return places


def _pyproject(directory: Path) -> dict[str, Any]:
    try:
        return formats.toml(readable.within(directory, "pyproject.toml").decode())
    except (OSError, UnicodeDecodeError, formats.Unreadable):
        return {}

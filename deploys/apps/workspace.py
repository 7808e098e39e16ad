"""Workspaces of uv's, whose members are locked together, by a file that lies above them."""

import tomllib
from pathlib import Path
from typing import Any

from deploys.apps import readable
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
        if (parent / "uv.lock").exists() and root in _members(parent):
            member = root.relative_to(parent).as_posix()
            raise Refusal(
                f"{key}: {member!r} is a member of a workspace, whose uv.lock lies above it:"
                f' write the directory of the workspace, and dependencies = {{"package": "{name}"}}'
            )


def _members(parent: Path) -> set[Path]:
    match _pyproject(parent):
        case {"tool": {"uv": {"workspace": {"members": [*patterns]} as workspace}}}:
            return _find(parent, patterns) - _find(parent, workspace.get("exclude", []))
    return set()


def _find(parent: Path, patterns: list[str]) -> set[Path]:
    relative = (pattern.strip("/") for pattern in patterns)
    return {path for pattern in relative if pattern for path in parent.glob(pattern)}


def _pyproject(directory: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(readable.within(directory, "pyproject.toml").decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}

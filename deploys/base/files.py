"""Files that are written whole: one look and, where something differs, one write for all of them."""

import base64
import hashlib
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state
from pyinfra.operations.util.files import generate_color_diff

from deploys import looks, remote
from deploys.base.onhost import files as files_onhost
from deploys.looks import Look

UNIT = "a unit of gatehouse's"
"""What `ours` says of those that are the same on every server."""


@dataclass(frozen=True)
class File:
    """A file as it must be on the host; a secret one, a certificate included, is never shown in a diff.

    Of what is ours, a diff has the digest alone unless there is a wish to see more: it is no choice of the
    user's. `ours` says what it is.
    """

    path: str
    content: str
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    secret: bool = False
    ours: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()

    def is_as(self, found: dict[str, Any] | None) -> bool:
        """Say whether what was found on the host is this file."""
        wanted = {"digest": self.digest, "mode": self.mode, "owner": self.owner, "group": self.group}
        return found is not None and wanted == {key: found[key] for key in wanted}


def look(paths: Iterable[str], contents: Iterable[str] = ()) -> Look:
    """Look at what is at some paths: digest, mode, owner, group, and the content where it is asked for."""
    at = sorted({*paths})
    units = sorted({unit for unit in map(unit_at, at) if unit})
    argument = {"look": at, "contents": sorted(contents), "units": units}
    return Look(files_onhost, argument, bare={"files": {}, "unread": False})


@operation()
def put(files: Sequence[File], absent: Sequence[str] = ()) -> Generator[StringCommand, None, None]:
    """Write the files that differ, each by one atomic rename, remove others, and have systemd read its units.

    Args:
        files: what must be there.
        absent: paths that must not be there.

    """
    contents = [file.path for file in files if not file.secret] if state.config.DIFF else []
    answer = looks.at(look([*(file.path for file in files), *absent], contents))
    found = answer["files"]
    changed = [file for file in files if not file.is_as(found.get(file.path))]
    stale = [path for path in absent if found.get(path)]
    if not changed and not stale and not answer["unread"]:
        host.noop("files are as wanted")
        return
    if state.config.DIFF:
        for file in changed:
            show(file, found.get(file.path))
        if answer["unread"]:
            logger.info("%sWill have systemd read its units anew", host.print_prefix)
    reload = answer["unread"] or any(map(unit_at, [*stale, *(file.path for file in changed)]))
    write = [plain(file) for file in changed]
    yield remote.run(files_onhost, {"write": write, "remove": stale, "reload": reload})


def unit_at(path: str) -> str | None:
    """Name the unit that a file makes, or the pattern of those that it has a part in (systemd.unit(5))."""
    if not path.startswith(_UNITS):
        return None
    stem, _, kind = path.removeprefix(_UNITS).partition("/")[0].removesuffix(".d").rpartition(".")
    return f"{stem}*.{kind}" if stem.endswith(("-", "@")) else f"{stem}.{kind}"


_UNITS = "/etc/systemd/system/"


def show(file: File, found: dict[str, Any] | None) -> None:
    """Log how a file will differ from what was found, without the contents of a secret one."""
    logger.info("%sWill %s %s", host.print_prefix, "modify" if found else "create", file.path)
    if file.secret:
        logger.info("  (contents not shown)")
        return
    if file.ours and not state.print_noop_info:  # which is what pyinfra makes of -v
        lines = len(file.content.splitlines())
        logger.info("  %s, %s lines, %s (contents with -v)", file.ours, lines, file.digest[:12])
        return
    before = (found or {}).get("content") or ""
    for line in generate_color_diff(before.splitlines(), file.content.splitlines()):
        logger.info("  %s", line)
    if found and before == file.content:
        was = f"mode {found['mode']:o} {found['owner']}:{found['group']}"
        logger.info("  %s -> mode %o %s:%s", was, file.mode, file.owner, file.group)


def plain(file: File) -> dict[str, Any]:
    """Turn a file into the plain data that is sent to the host."""
    return {
        "path": file.path,
        "content": base64.b64encode(file.content.encode()).decode(),
        "mode": file.mode,
        "owner": file.owner,
        "group": file.group,
    }

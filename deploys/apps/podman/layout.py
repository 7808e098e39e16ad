"""An image's files as they lie in a release, with room for all that a container covers."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

_DIRECTORIES = ("dev", "etc", "proc", "run", "sys", "tmp", "var/tmp")
_FILES = ("hosts", "hostname", "resolv.conf")
"""In `etc`."""
_MOST_LINKS = 40
"""As many as Linux follows (path_resolution(7))."""


def make_room(root: Path, mounts: Iterable[str]) -> None:
    """Make what is missing of what is covered, and remove what is no file, directory or link.

    Args:
        root: where the image's files are.
        mounts: directories that are to be there, too, by their paths in the container.

    Raises:
        SystemExit: the image has something else in such a place.

    """
    for path in _everything(root):
        if path.is_dir():
            # Else what its owner alone may not read could be read by nobody, once that is root.
            path.chmod(path.stat().st_mode | 0o700)
        elif not path.is_file():
            path.unlink()
    try:
        for folder in (*_DIRECTORIES, *mounts):
            within(root, folder).mkdir(parents=True, exist_ok=True)
        etc = within(root, "etc")
        for place in (etc / name for name in _FILES):
            if place.is_symlink() or not place.exists():
                place.unlink(missing_ok=True)
                place.touch()
        if not os.path.lexists(etc / "mtab"):
            (etc / "mtab").symlink_to("/proc/mounts")
    except OSError as error:
        sys.exit(f"the image cannot be run: {error.filename} cannot be made: {error.strerror}")


def within(root: Path, path: str) -> Path:
    """Find a place of the image's by its path in there, where links lead as they do in a container.

    Raises:
        SystemExit: they lead to no end.

    """
    here, links, left = root, 0, deque(PurePosixPath(path).parts)
    while left:
        part = left.popleft()
        step = here / part
        if part.startswith("/"):
            here = root
        elif part == "..":
            here = root if here == root else here.parent
        elif step.is_symlink():
            links += 1
            if links > _MOST_LINKS:
                sys.exit(f"the image cannot be run: /{path.lstrip('/')} in it is a link without end")
            left.extendleft(reversed(PurePosixPath(os.readlink(step)).parts))
        else:
            here = step
    return here


def _everything(root: Path) -> Iterator[Path]:
    """Give what is there but links, a directory before what is in it."""
    yield root
    for folder, folders, names in os.walk(root):
        yield from (path for name in (*folders, *names) if not (path := Path(folder, name)).is_symlink())

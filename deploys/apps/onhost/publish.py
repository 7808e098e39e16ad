"""On the host: what the proxy answers of an app's releases, in a place of its own that anyone may read.

The proxy may read nothing else of an app. Only regular files of a release that is sealed get here: a link
counts as what it leads to within the release, and whatever else a build has planted is left out.
"""

import errno
import os
import pwd
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from deploys.apps.onhost import persist
from deploys.onhost import files, paths, removal, words

_UNFINISHED = "@unfinished"
_MOST = 200_000
"""Entries of one folder: links that lead to folders of links could make more than any disk holds."""
_FINGERPRINTED = re.compile(r"[-.][A-Za-z0-9_-]{8,}(\.[A-Za-z0-9]+)+$")
"""Names with a digest of the content in them, as bundlers and Django's ManifestStaticFilesStorage give."""


def published(current: Path, release: int) -> list[str]:
    """List the names under which folders of a release are public, if it is the current one."""
    if not current.is_symlink() or os.readlink(current) != str(release):
        return []
    return [name for name in files.names(current.with_name(str(release))) if name != _UNFINISHED]


def publish(current: Path, release: Path, folders: "dict[str, str]") -> None:
    """Make folders of a release's code public, each whole or not at all.

    Args:
        current: the link to what is public of the release that has the traffic; that of each is beside it.
        release: where a sealed release is, in which nobody but root can write.
        folders: relative to the release's code, by the names under which they are public.

    """
    if not folders:
        return
    here = _of(current, release)
    unfinished = here / _UNFINISHED
    for name, folder in folders.items():
        place = here / name
        if not place.is_dir():
            removal.remove(unfinished)
            unfinished.mkdir()
            try:
                _add(unfinished, release, folder)
            except BaseException:
                removal.remove(unfinished)
                raise
            unfinished.rename(place)
        former = _former(current, release)
        if former:
            _add(place, former, folder, _FINGERPRINTED)


def publish_persistent(current: Path, release: Path, folders: "dict[str, str]", reader: str) -> None:
    """Make what an app writes, in folders that outlive its releases, public as it is at each request.

    Args:
        current: as for `publish`.
        release: the release that has the traffic.
        folders: where they are, by the names under which they are public.
        reader: the user who reads them, as nobody else but the app can.

    """
    for name, target in folders.items():
        persist.publish(target, pwd.getpwnam(reader).pw_uid)
        with files.opened(_of(current, release)) as here:
            removal.remove_at(here, _UNFINISHED)
            # Here nobody but root can put a link; below it, the proxy follows none.
            os.symlink(target, _UNFINISHED, dir_fd=here)
            removal.remove_at(here, name)
            os.rename(_UNFINISHED, name, src_dir_fd=here, dst_dir_fd=here)


def _of(current: Path, release: Path) -> Path:
    """Give the directory of what is public of a release."""
    # The proxy gets through here, and can list or open nothing on its way.
    files.set_mode(current.parent.parent, 0o751)
    here = current.parent / release.name
    here.mkdir(parents=True, exist_ok=True)
    return here


def point(current: Path, release: Path) -> None:
    """Have the proxy answer from what is public of a release, if anything is."""
    if current.with_name(release.name).is_dir():
        new = current.with_name(f"{current.name}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(release.name)
        new.rename(current)


def forget(current: Path, release: int) -> None:
    """Have nothing of a release public any more."""
    removal.remove(current.with_name(str(release)))


def _former(current: Path, release: Path) -> "Path | None":
    """Give the release that has the traffic until now: pages from it ask for its files for a while."""
    if not current.is_symlink() or os.readlink(current) == release.name:
        return None
    return release.with_name(os.readlink(current))


def _add(place: Path, release: Path, folder: str, wanted: "re.Pattern[str]" = re.compile("")) -> None:
    """Put the files of a folder of the code into a place, but none that is there already."""
    copies: dict[Path, Path] = {}
    try:
        for path, file in _files(release, release / "code" / folder):
            if wanted.search(path.name):
                _link(file, place / path, copies)
    except (OSError, UnicodeError) as error:
        said = words.cited(str(error), 300)
        sys.exit(f"{folder!r} of release {release.name} cannot be published: {said}")


def _files(release: Path, folder: Path) -> Iterator["tuple[Path, Path]"]:
    """Give the regular files below a folder: by which path, and where each really is within the release."""
    top = _within(release, folder)
    if top and top.is_dir():
        for count, (path, found) in enumerate(_below(release, Path(), (top,))):
            if count == _MOST:
                sys.exit(f"{str(folder)!r} cannot be published: it has more than {_MOST} files")
            if found:
                yield path, found


def _below(release: Path, path: Path, above: "tuple[Path, ...]") -> Iterator["tuple[Path, Path | None]"]:
    """Give all that is in a directory, the last of those on the way to it, and which are regular files."""
    if len(above) > files.DEEPEST:
        said = f"more than {files.DEEPEST} directories in one another"
        raise OSError(errno.ENAMETOOLONG, said, words.shown(str(path), 200))
    for name in files.entries(above[-1]):
        found = _within(release, above[-1] / name)
        mode = found.lstat().st_mode if found else 0
        yield path / name, found if stat.S_ISREG(mode) else None
        if found and stat.S_ISDIR(mode) and found not in above:
            yield from _below(release, path / name, (*above, found))


def _within(release: Path, path: Path) -> "Path | None":
    """Follow links to what is there, if that is a part of the release."""
    real = paths.resolved(path)
    return real if real and release in real.parents else None


def _link(file: Path, place: Path, copies: "dict[Path, Path]") -> None:
    """Give a file another name in a place.

    Args:
        file: the file.
        place: where.
        copies: of files that can have no further name, the copy that has those after it; added to here.

    """
    if os.path.lexists(place):
        return
    files.set_mode(file, 0o644)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(copies.get(file, file), place)
    except OSError as error:
        if error.errno in {errno.ENOTDIR, errno.EEXIST}:
            # What is a file in one release is a folder in the other.
            return
        if error.errno not in {errno.EXDEV, errno.EMLINK}:
            raise
        # Once for as many names as there can be: a build may have made a large file's so many by links.
        files.copy(file, place)
        copies[file] = place

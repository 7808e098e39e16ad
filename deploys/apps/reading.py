"""What the settings name as the source of an app, looked at so that its files can be sent to a host."""

import os
import posixpath
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from deploys.apps import readable
from deploys.apps.checkout import check_out, forget
from deploys.apps.missing import no_directory, no_wheel
from deploys.apps.repository import Git, Repository
from deploys.apps.source import NOTHING, Source, reading
from deploys.apps.workspace import refuse_member
from deploys.config import App
from deploys.config.images import Containerfile, ImageSource
from deploys.config.sources import GitSource, PackageSource, WheelSource, place_of
from deploys.refusal import Refusal

_NEVER = frozenset({".git", ".venv", "__pycache__"})
"""Left out where there is no git to say what belongs to the source: what another machine made for itself."""
_ENVIRONMENT = "pyvenv.cfg"
"""What a virtual environment has at its top, whatever it is called."""


def read_sources(app: App, key: str) -> Source:
    """Look at all that a release of an app is made of.

    Args:
        app: the settings.
        key: where they are, for the message when one of its sources cannot be used.

    Raises:
        Refusal: one is not there, cannot be used, or has a place that is taken.

    """
    include: defaultdict[str | None, list[str]] = defaultdict(list)
    for name in app.include:
        place = place_of(name, app.sources)
        include[place].append(name.removeprefix(f"{place}/") if place else name)
    source = read_source(app.source, f"{key}['source']", include[None])
    if isinstance(app.source, str | GitSource):
        # Its dependencies are installed; the others bring files.
        with reading(f"{key}['source']"):
            refuse_member(source.directory, f"{key}['source']")
    others = {}
    for place, setting in sorted(app.sources.items()):
        where = f"{key}['sources'][{place!r}]"
        if taken := next((name for name in source.files if _overlap(name, place)), None):
            remedy = "write another directory, or take that out of it"
            raise Refusal(f"{where}: {taken!r} is in the source itself: {remedy}")
        others[place] = read_source(setting, where, include[place])
    whole = source.with_others(others)
    readable.refuse_too_much(((name, whole.path(name)) for name in whole.files), key)
    return whole


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or other.startswith(f"{one}/")


def read_source(
    setting: str | GitSource | WheelSource | PackageSource | ImageSource,
    key: str,
    include: Iterable[str] = (),
) -> Source:
    """Look at what the setting names, so that its files can be sent to a host.

    Args:
        setting: the source.
        key: where it is in the settings, for the message when it cannot be used.
        include: files and directories of a directory that belong to it though git ignores them.

    Raises:
        Refusal: it is not there, or cannot be used.

    """
    with reading(key):
        match setting:
            case GitSource():
                found = check_out(setting, key)
                source = _directory(str(found.directory), key, plain=True)
                if pointer := source.pointer:
                    forget(found)  # or it would be found again once git-lfs is there
                    remedy = "install git-lfs, and run `git lfs install`"
                    raise Refusal(f"{key}: {pointer!r} is kept in git LFS: {remedy}")
                return replace(source, commit=found.commit[:12])
            case WheelSource(wheel=path):
                return _wheel(path, key)
            case PackageSource():
                return NOTHING
            case ImageSource():
                return _image(setting, f"{key}['image']")
            case str():
                source = _directory(setting, key, include)
                if pointer := source.pointer:
                    raise Refusal(f"{key}: {pointer!r} is kept in git LFS: run `git lfs pull` there")
                return source


def _image(setting: ImageSource, key: str) -> Source:
    if isinstance(setting.image, Containerfile):
        source = read_source(setting.image.containerfile, f"{key}['containerfile']")
        if not source.has("Containerfile") and not source.has("Dockerfile"):
            found = f"{setting.image.containerfile!r}: has no Containerfile or Dockerfile"
            raise Refusal(
                f"{key}['containerfile']: {found}, or git ignores it: write the directory that has it"
            )
        return source
    if setting.archive is None:
        return NOTHING
    archive = readable.real(Path(setting.archive))
    if not archive.is_file():
        remedy = "write the file that `podman save` or `docker save` has written"
        raise Refusal(f"{key}: {setting.archive!r}: there is no such file: {remedy}")
    return Source(archive.parent, (archive.name,), None)


def _wheel(path: str, key: str) -> Source:
    wheel = readable.real(Path(path))
    if not wheel.is_file() or wheel.suffix != ".whl":
        raise no_wheel(path, f"{key}['wheel']")
    return Source(wheel.parent, (wheel.name,), None)


def _directory(directory: str, key: str, include: Iterable[str] = (), *, plain: bool = False) -> Source:
    """Look at a directory: what git tracks there and does not ignore, or all if it is to be `plain`."""
    root = readable.real(Path(directory))
    if not root.is_dir():
        raise no_directory(directory, key)
    repository = None if plain else Repository.around(root)
    if repository:
        readable.refuse_endless(readable.of_git_s(root, repository.top), key)
        with repository.shown(key) as git:
            names, commit = list(_tracked(root, git)), _commit(root, git)
    else:
        names, commit = list(_everything(root)), None
    names += [each for name in include for each in _included(root, name, key)]
    present = _without_environments(sorted(name for name in set(names) if readable.is_file(root, name)))
    if not present:
        raise Refusal(f"{key}: {directory!r}: there are no files in it, or git ignores them all")
    readable.refuse_too_much(((name, root / name) for name in present), key)
    for name in present:
        _refuse_undecodable(root, name, key)
        _refuse_escape(root, name, key)
    return Source(root, tuple(present), commit)


def _tracked(root: Path, git: Git) -> Iterator[str]:
    for name in git.names(root):
        found = readable.status(root, name.rstrip("/"))
        if found and stat.S_ISDIR(found.st_mode):
            path = root / name
            if nested := Repository.at(path):
                with nested.shown(git.key) as inner:
                    yield from (f"{name.rstrip('/')}/{below}" for below in _tracked(path, inner))
            elif not name.endswith("/"):  # as is what a repository has that it does not track
                remedy = "run `git submodule update --init` there, or `git rm` it"
                raise Refusal(f"{git.key}: {name!r} is a submodule that is not fetched: {remedy}")
        else:
            yield name


def _included(root: Path, name: str, key: str) -> list[str]:
    _refuse_escape(root, name, key)
    status = readable.status(root, name)
    found = [name]
    if status and stat.S_ISDIR(status.st_mode):
        found = [f"{name}/{below}" for below in _everything(root / name)]
    elif (root / name).is_dir():
        link = "is to be included, and is a link to a directory"
        raise Refusal(f"{key}: {name!r} {link}: name that directory instead")
    if not found or not all(readable.is_file(root, each) for each in found):
        raise Refusal(f"{key}: {name!r} is to be included, and is not there: build it first")
    return found


def _without_environments(names: list[str]) -> list[str]:
    """Leave out virtual environments below the source: each is for the machine that has made it."""
    made = (posixpath.dirname(name) for name in names if posixpath.basename(name) == _ENVIRONMENT)
    places = tuple(f"{place}/" for place in made if place)
    return [name for name in names if not name.startswith(places)]


def _everything(root: Path) -> Iterator[str]:
    for entry in readable.below(root, but=_NEVER):
        if not entry.is_dir(follow_symlinks=False) and not readable.is_git_s(entry.name):
            yield Path(entry.path).relative_to(root).as_posix()


def _commit(root: Path, git: Git) -> str | None:
    head = git.head()
    return f"{head}+" if head and git.differs(root) else head


def _refuse_undecodable(root: Path, name: str, key: str) -> None:
    try:
        (name + (readable.target(root, name) or "")).encode()
    except UnicodeEncodeError:
        raise Refusal(f"{key}: {name!r}: rename it, or where it leads, to a name in UTF-8") from None


def _refuse_escape(root: Path, name: str, key: str) -> None:
    target = readable.target(root, name)
    if target is None:
        return
    landing = Path(os.path.normpath((root / name).parent / target))
    if os.path.isabs(target) or not landing.is_relative_to(root):
        raise Refusal(f"{key}: {name!r} is a link to {target!r}: remove it, or link within {str(root)!r}")

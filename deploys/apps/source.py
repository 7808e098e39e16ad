"""The app's files on the controller: which they are, their digest, and one archive of them."""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from deploys.apps import lfs, readable
from deploys.apps.checkout import check_out, forget
from deploys.apps.missing import no_directory, no_wheel
from deploys.apps.onhost import times
from deploys.apps.repository import Git, Repository
from deploys.apps.workspace import refuse_member
from deploys.config.sources import GitSource, PackageSource, WheelSource
from deploys.refusal import Refusal

_NEVER = frozenset({".git", ".venv", "__pycache__"})
"""Left out where there is no git to say what belongs to the source: what another machine made for itself."""


@dataclass(frozen=True)
class Source:
    """A directory of the controller's as it is now."""

    directory: Path
    files: tuple[str, ...]
    commit: str | None
    """The commit that git has checked out there, with a `+` where files differ from it."""

    @property
    def described(self) -> str:
        """Say in a few words what it is."""
        files = f"{len(self.files)} files"
        return f"commit {self.commit}, {files}" if self.commit else files

    @property
    def pointer(self) -> str | None:
        """Name a file that stands for one in git LFS, whose content has not been fetched."""
        return next((name for name in self.files if self._is_pointer(self.directory / name)), None)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of every path, kind, mode and content; times and owners do not count."""
        return _digest((name, *self._look(name)) for name in self.files)

    def archive(self) -> bytes:
        """Pack the files as a compressed tar, the same bytes for the same files.

        Raises:
            Refusal: they are not those of the digest any more.

        """
        looks = [(name, *self._look(name)) for name in self.files]
        if _digest(looks) != self.digest:
            raise Refusal(
                f"source: {str(self.directory)!r} has changed since the plan was made: run it again"
            )
        packed = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as compressed,
            tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            for name, kind, content in looks:
                entry = tarfile.TarInfo(name)
                entry.mtime = times.of(b"")
                entry.mode = 0o755 if kind == "executable" else 0o644
                if kind == "link":
                    entry.type, entry.linkname = tarfile.SYMTYPE, content.decode()
                    tar.addfile(entry)
                else:
                    entry.size, entry.mtime = len(content), times.of(content)
                    tar.addfile(entry, io.BytesIO(content))
        return packed.getvalue()

    def holds(self, path: str) -> bool:
        """Say whether a file of the controller's is one of these files."""
        file = Path(path).resolve()
        return file.is_relative_to(self.directory) and self.has(str(file.relative_to(self.directory)))

    def has(self, name: str) -> bool:
        return name in self.files

    def below(self, directory: str) -> "Source":
        """Give a directory of it as a source of its own."""
        within = f"{directory}/"
        files = tuple(name.removeprefix(within) for name in self.files if name.startswith(within))
        return replace(self, directory=self.directory / directory, files=files)

    def text(self, name: str, errors: str = "strict") -> str:
        if not self.has(name):
            return ""
        with _reading("source"):
            return readable.within(self.directory, name).decode("utf-8", errors)

    def _is_pointer(self, path: Path) -> bool:
        if path.is_symlink() or path.stat().st_size >= lfs.POINTER_SIZE:
            return False
        return lfs.is_pointer(readable.content(path))

    def _look(self, name: str) -> tuple[str, bytes]:
        """Read what a file is and what is in it; in a link, where it leads."""
        path = self.directory / name
        with _reading("source"):
            if path.is_symlink():
                return "link", os.readlink(path).encode()
            return "executable" if path.stat().st_mode & 0o100 else "file", readable.content(path)


def _digest(looks: Iterable[tuple[str, str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, kind, content in looks:
        fields = (name.encode(), kind.encode(), hashlib.sha256(content).hexdigest().encode())
        total.update(b"\0".join(fields) + b"\0")
    return total.hexdigest()


NOTHING = Source(Path(), (), None)
"""For a package, which the host takes from an index, and for going back, which builds nothing."""


def read_source(
    setting: str | GitSource | WheelSource | PackageSource, key: str, include: Iterable[str] = ()
) -> Source:
    """Look at what the setting names, so that its files can be sent to a host.

    Args:
        setting: the source.
        key: where it is in the settings, for the message when it cannot be used.
        include: files and directories of a directory that belong to it though git ignores them.

    Raises:
        Refusal: it is not there, or cannot be used.

    """
    with _reading(key):
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
            case str():
                source = _directory(setting, key, include)
                if pointer := source.pointer:
                    raise Refusal(f"{key}: {pointer!r} is kept in git LFS: run `git lfs pull` there")
                return source


@contextmanager
def _reading(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(f"{what}: cannot be read: {error}") from None


def _wheel(path: str, key: str) -> Source:
    wheel = Path(path).resolve()
    if not wheel.is_file() or wheel.suffix != ".whl":
        raise no_wheel(path, f"{key}['wheel']")
    return Source(wheel.parent, (wheel.name,), None)


def _directory(directory: str, key: str, include: Iterable[str] = (), *, plain: bool = False) -> Source:
    """Look at a directory: what git tracks there and does not ignore, or all if it is to be `plain`."""
    root = Path(directory).resolve()
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
    present = sorted(name for name in set(names) if _is_file(root / name))
    if not present:
        raise Refusal(f"{key}: {directory!r}: there are no files in it, or git ignores them all")
    readable.refuse_too_much(root, present, key)
    for name in present:
        _refuse_undecodable(root, name, key)
        _refuse_escape(root, name, key)
    refuse_member(root, key)
    return Source(root, tuple(present), commit)


def _tracked(root: Path, git: Git) -> Iterator[str]:
    for name in git.names(root):
        path = root / name
        if path.is_dir() and not path.is_symlink():
            if nested := Repository.at(path):
                with nested.shown(git.key) as inner:
                    yield from (f"{name.rstrip('/')}/{below}" for below in _tracked(path, inner))
        else:
            yield name


def _included(root: Path, name: str, key: str) -> list[str]:
    path = root / name
    is_within = readable.real(path).is_relative_to(root)
    found = [f"{name}/{below}" for below in _everything(path)] if is_within and path.is_dir() else [name]
    within = all(readable.real((root / each).parent).is_relative_to(root) for each in found)
    if not found or not within or not all(_is_file(root / each) for each in found):
        raise Refusal(f"{key}: {name!r} is to be included, and is not there: build it first")
    return found


def _everything(root: Path) -> Iterator[str]:
    for entry in readable.below(root, but=_NEVER):
        if not entry.is_dir(follow_symlinks=False):
            yield Path(entry.path).relative_to(root).as_posix()


def _commit(root: Path, git: Git) -> str | None:
    head = git.head()
    return f"{head}+" if head and git.differs(root) else head


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _refuse_undecodable(root: Path, name: str, key: str) -> None:
    path = root / name
    try:
        (name + (os.readlink(path) if path.is_symlink() else "")).encode()
    except UnicodeEncodeError:
        raise Refusal(f"{key}: {name!r}: rename it, or where it leads, to a name in UTF-8") from None


def _refuse_escape(root: Path, name: str, key: str) -> None:
    path = root / name
    if not path.is_symlink():
        return
    target = PurePosixPath(os.readlink(path))
    landing = Path(os.path.normpath(path.parent / target))
    if target.is_absolute() or not landing.is_relative_to(root):
        raise Refusal(
            f"{key}: {name!r} is a link to {str(target)!r}: remove it, or link within {str(root)!r}"
        )

"""The app's files on the controller: which they are, their digest, and one archive of them."""

import codecs
import gzip
import hashlib
import io
import posixpath
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from deploys.apps import lfs, readable
from deploys.apps.onhost import times
from deploys.onhost.words import shown
from deploys.refusal import Refusal

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""What a text begins with that a shell of Windows has written, and how it is read."""
LONGEST = 4096
"""Characters of a path (PATH_MAX in limits.h)."""


@dataclass(frozen=True)
class Source:
    """A directory of the controller's as it is now, with others that have a place in it."""

    directory: Path
    files: tuple[str, ...]
    """All of them, those of the others by where they have their place."""
    commit: str | None
    """The commit that git has checked out there, with a `+` where files differ from it."""
    others: Mapping[str, "Source"] = field(default_factory=dict)
    """What comes from elsewhere, by the directory that is its place."""

    @property
    def described(self) -> str:
        """Say in a few words what it is."""
        count = len(self.files) - sum(len(other.files) for other in self.others.values())
        files = f"{count} files"
        own = f"commit {self.commit}, {files}" if self.commit else files
        return "; ".join([own, *(f"{place}: {other.described}" for place, other in self.others.items())])

    @property
    def pointer(self) -> str | None:
        """Name a file that stands for one in git LFS, whose content has not been fetched."""
        return next(filter(self._is_pointer, self.files), None)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def _directories(self) -> frozenset[str]:
        found = {"."}
        for name in self.files:
            while (name := posixpath.dirname(name)) and name not in found:
                found.add(name)
        return frozenset(found)

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
            gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="", compresslevel=6) as compressed,
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
        file = readable.real(Path(path))
        if any(other.holds(path) for other in self.others.values()):
            return True
        if not file.is_relative_to(self.directory):
            return False
        name = str(file.relative_to(self.directory))
        # What git ignores at the place of another source is no file of either.
        return self.has(name) and self._whose(name)[0] is self

    def has(self, name: str) -> bool:
        return name in self._names

    def reaches(self, path: str) -> bool:
        """Say whether a path can lead to something on the server: in the source, or of the server's own."""
        if len(path) > LONGEST:
            return False
        # A link to a directory is one of the files.
        at_it_or_above = {path, *map(str, PurePosixPath(path).parents)}
        return path.startswith("/") or path in self._directories or not self._names.isdisjoint(at_it_or_above)

    def with_others(self, others: Mapping[str, "Source"]) -> "Source":
        """Give it with others at their places, which it must have free."""
        added = (f"{place}/{name}" for place, other in others.items() for name in other.files)
        return replace(self, files=tuple(sorted([*self.files, *added])), others=others)

    def below(self, directory: str) -> "Source":
        """Give a directory of it as a source of its own."""
        within = f"{directory}/"
        owner, rest = self._whose(within)
        if owner is not self:
            return owner.below(rest.rstrip("/")) if rest else owner
        files = tuple(name.removeprefix(within) for name in self.files if name.startswith(within))
        others = {
            place.removeprefix(within): other
            for place, other in self.others.items()
            if place.startswith(within)
        }
        return replace(self, directory=self.directory / directory, files=files, others=others)

    def path(self, name: str) -> Path:
        """Say where on the controller a file is."""
        owner, own = self._whose(name)
        return owner.directory / own

    def text(self, name: str, errors: str = "strict") -> str:
        """Read a file, in UTF-8 or what its first bytes say; nothing where it is not there.

        Raises:
            Refusal: it cannot be read.

        """
        content = self._bytes(name)
        encoding = next((each for mark, each in _MARKS.items() if content.startswith(mark)), "utf-8")
        try:
            return content.decode(encoding, errors)
        except UnicodeDecodeError:
            raise Refusal(f"{self.path(name)}: is no text in UTF-8: save it as UTF-8") from None

    def is_marked(self, name: str) -> bool:
        """Say whether a file begins with a mark of its encoding, which many programs take for content."""
        return self._bytes(name).startswith(tuple(_MARKS))

    def _bytes(self, name: str) -> bytes:
        if not self.has(name):
            return b""
        owner, own = self._whose(name)
        with reading("source"):
            return readable.within(owner.directory, own)

    def _whose(self, name: str) -> "tuple[Source, str]":
        for place, other in self.others.items():
            if name.startswith(f"{place}/"):
                return other, name.removeprefix(f"{place}/")
        return self, name

    def _is_pointer(self, name: str) -> bool:
        owner, own = self._whose(name)
        found = readable.status(owner.directory, own)
        if found is None or found.st_size >= lfs.POINTER_SIZE:
            return False
        kind, content = readable.look(owner.directory, own)
        return kind != "link" and lfs.is_pointer(content)

    def _look(self, name: str) -> tuple[str, bytes]:
        """Read what a file is and what is in it; in a link, where it leads."""
        owner, own = self._whose(name)
        with reading("source"):
            return readable.look(owner.directory, own)


def _digest(looks: Iterable[tuple[str, str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, kind, content in looks:
        fields = (name.encode(), kind.encode(), hashlib.sha256(content).hexdigest().encode())
        total.update(b"\0".join(fields) + b"\0")
    return total.hexdigest()


NOTHING = Source(Path(), (), None)
"""For a package, which the host takes from an index, and for going back, which builds nothing."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Refuse what cannot be read.

    Args:
        what: names it, for the message.

    """
    try:
        yield
    except readable.Stray as stray:
        raise Refusal(f"{what}: {stray}") from None
    except OSError as error:
        raise Refusal(f"{what}: cannot be read: {shown(str(error), 300)}") from None

"""A git repository on the controller, looked at without what it is configured to run.

A repository's configuration, attributes and hooks name programs, and git runs them even to list files. So
git is shown one of our own making, with the index, refs and objects of the other, and nothing else of it.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deploys.apps import readable
from deploys.apps.lfs import stands_for
from deploys.onhost.words import said
from deploys.refusal import Refusal

_KEPT = (
    r"^(core\.(autocrlf|eol|filemode|ignorecase|precomposeunicode|symlinks)"
    r"|extensions\.(objectformat|refstorage))$"
)
"""Settings that say how files are compared and stored, in one word each."""
_WORD = re.compile(r"[A-Za-z0-9]+")
_GITLINK = "160000"
_PATIENCE = 600
"""Seconds for git to look at files that are here already."""
MOST_FILES = 1_000_000
"""Files and directories of a commit that files are compared with: git has all of them in memory."""


@dataclass(frozen=True)
class Repository:
    """Where a repository is."""

    top: Path
    """The directory whose files it tracks."""
    own: Path
    """Its own, like `.git`."""

    @classmethod
    def around(cls, directory: Path) -> "Repository | None":
        """Find the one that a directory belongs to."""
        return next(filter(None, map(cls.at, (directory, *directory.parents))), None)

    @classmethod
    def at(cls, top: Path) -> "Repository | None":
        """Find the one that a directory is the top of."""
        entry = top / ".git"
        own = top / _line(entry).removeprefix("gitdir:").strip() if entry.is_file() else entry
        return cls(top, own) if (own / "HEAD").is_file() else None

    @property
    def common(self) -> Path:
        """Where its refs and objects are, which it may share with others (git-worktree(1))."""
        shared = self.own / "commondir"
        return self.own / _line(shared) if shared.is_file() else self.own

    @contextmanager
    def shown(self, key: str) -> Iterator["Git"]:
        """Have git see it.

        Args:
            key: the setting that names a directory in it, for the message when git refuses.

        """
        with tempfile.TemporaryDirectory(prefix="gatehouse-") as directory:
            git = Git(self, Path(directory), key)
            git.lay_out()
            yield git


@dataclass(frozen=True)
class Git:
    """Git, in a directory of ours that it takes for the repository."""

    repository: Repository
    directory: Path
    key: str

    def lay_out(self) -> None:
        """Put there what git is shown."""
        own, common = self.repository.own, self.repository.common
        (self.directory / "info").mkdir()
        kept = (own / "HEAD", own / "index", *own.glob("sharedindex.*"), common / "packed-refs")
        info = [common / name for name in ("info/exclude", "info/attributes")]
        readable.refuse_endless(map(str, (*kept, *info, common / "config")), self.key)
        for name in ("refs", "reftable", "objects"):
            readable.refuse_endless(_links_and_specials(common / name), self.key)
        for name in ("refs", "reftable"):
            if (common / name).is_dir():
                (self.directory / name).symlink_to((common / name).resolve())
        # With their times: those of the index tell which files it may have seen too early.
        for path in kept:
            if path.is_file():
                shutil.copy2(path, self.directory / path.name)
        for path in info:
            if path.is_file():
                shutil.copy2(path, self.directory / "info")
        config = self.directory / "config"
        config.write_text("[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n")
        theirs = common / "config"
        found = self._asked("--file", str(theirs), "--no-includes") if theirs.is_file() else {}
        for name, value in (self._asked() | found).items():
            if _WORD.fullmatch(value):
                section, _, key = name.partition(".")
                with config.open("a") as stream:
                    stream.write(f"[{section}]\n\t{key} = {value}\n")

    def names(self, root: Path) -> list[str]:
        """List what git tracks or would track in a directory; repositories in it by their names."""
        return self._entries(root, "ls-files", "-z", "-co", "--exclude-standard")

    def head(self) -> str | None:
        """Give the commit that is checked out, in short; none before the first."""
        done = self._run(self.repository.top, "rev-parse", "--quiet", "--verify", "--short=12", "HEAD")
        return None if done.returncode else os.fsdecode(done.stdout).strip()

    def differs(self, root: Path) -> bool:
        """Say whether files in a directory differ from the commit, or are none of its."""
        self._refuse_too_much(root)
        # A submodule is never asked by git itself: that would be by the submodule's own configuration.
        options = ("--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
        changed = self._entries(root, "status", *options, "--", ".")
        if not all(state == " M" and self._is_fetched(name) for state, name in _parted(changed, 3)):
            return True
        for entry in self._entries(root, "ls-files", "-z", "--stage"):
            mode, commit, *_ = entry.split()
            if mode == _GITLINK and _has_moved(root / entry.partition("\t")[2], commit, self.key):
                return True
        return False

    def _refuse_too_much(self, root: Path) -> None:
        """See that of a directory a commit has no more than can be: a few objects make any number."""
        listing = self._command(root, "ls-tree", "-r", "-t", "-z", "--name-only", "HEAD")
        with subprocess.Popen(
            listing, env=self._environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            left = MOST_FILES
            while process.stdout and (piece := process.stdout.read(1 << 16)):
                left -= piece.count(b"\0")
                if left < 0:
                    process.kill()
                    remedy = "take it out of its repository"
                    raise Refusal(
                        f"{self.key}: {str(root)!r}: its commit has more than {MOST_FILES:,} files: {remedy}"
                    )

    def _is_fetched(self, name: str) -> bool:
        """Say whether a file is just what a pointer of git LFS in the commit stands for."""
        pointer = self._run(self.repository.top, "cat-file", "blob", f":{name}").stdout
        kind, content = readable.look(self.repository.top, name)
        return kind != "link" and stands_for(pointer, content)

    def _entries(self, root: Path, *arguments: str) -> list[str]:
        ignored = ("-c", f"core.excludesFile={self._ignored}") if self._ignored else ()
        done = self._run(root, *ignored, *arguments)
        if done.returncode:
            raise Refusal(said(f"{self.key}: {str(root)!r}: git refuses", done.stderr))
        return [entry for entry in os.fsdecode(done.stdout).split("\0") if entry]

    @cached_property
    def _ignored(self) -> str:
        """The user's own file of what git ignores; empty for none."""
        excludes = self._run(Path("/"), "config", "--type=path", "core.excludesFile", of_user=True).stdout
        return os.fsdecode(excludes).removesuffix("\n")

    def _asked(self, *where: str) -> dict[str, str]:
        """Read the settings that are kept: the user's own, or those of a file."""
        done = self._run(Path("/"), "config", *where, "-z", "--get-regexp", _KEPT, of_user=not where)
        pairs = (entry.partition("\n") for entry in os.fsdecode(done.stdout).split("\0") if entry)
        return {name: value for name, _, value in pairs}

    @staticmethod
    def _command(root: Path, *arguments: str) -> list[str]:
        ours = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
        return ["git", "-C", str(root), *ours, *arguments]

    def _environment(self, *, of_user: bool = False) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        # An older git knows less of these, and reads the user's own configuration after all.
        users = dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), os.devnull)
        return {
            **inherited,
            **({name: os.environ[name] for name in users if name in os.environ} if of_user else users),
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_DIR": str(self.directory),
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OBJECT_DIRECTORY": str((self.repository.common / "objects").resolve()),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_WORK_TREE": str(self.repository.top),
        }

    def _run(self, root: Path, *arguments: str, of_user: bool = False) -> subprocess.CompletedProcess[bytes]:
        command, environment = self._command(root, *arguments), self._environment(of_user=of_user)
        try:
            return subprocess.run(
                command, env=environment, capture_output=True, check=False, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise Refusal(
                f"{self.key}: {str(root)!r}: git came to no end in {_PATIENCE} seconds: see what it waits for"
            ) from None
        except FileNotFoundError:
            raise Refusal(
                f"{self.key}: {str(root)!r}: install git, this directory is in a repository"
            ) from None


def _has_moved(directory: Path, commit: str, key: str) -> bool:
    """Say whether a submodule is not, or not just, at its commit."""
    submodule = Repository.at(directory)
    if submodule is None:
        return False
    with submodule.shown(key) as git:
        head = git.head()
        return head is None or not commit.startswith(head) or git.differs(directory)


def _links_and_specials(top: Path) -> "Iterator[os.DirEntry[str]]":
    """Give what may have no end: of plain files there are many, and git reads them piece by piece."""
    found = readable.below(top, strict=False)
    return (entry for entry in found if entry.is_symlink() or not (entry.is_file() or entry.is_dir()))


def _parted(entries: list[str], at: int) -> Iterator[tuple[str, str]]:
    return ((entry[: at - 1], entry[at:]) for entry in entries)


def _line(file: Path) -> str:
    return os.fsdecode(readable.content(readable.real(file))).strip()

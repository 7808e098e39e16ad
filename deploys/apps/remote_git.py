"""git on the controller, as it fetches from servers and repositories that strangers have made."""

import errno
import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from deploys.apps import deploy_key, in_time, readable
from deploys.config.sources import GitSource
from deploys.given import beside
from deploys.onhost.words import said, shown
from deploys.refusal import Refusal

_COMMIT = re.compile(r"[0-9a-f]{40}")
PATIENCE = 1800
"""Seconds for all that git does for one source, its submodules' servers included."""
_LONGEST = 1 << 20
"""Bytes of a path in a commit."""
MOST_FILES = 100_000
"""Files of a commit; and directories, as those that have none are told of as well."""
_SETTINGS = {
    "core.fsmonitor": "false",
    # Hooks come with templates, and once came with submodules (CVE-2024-32002).
    "core.hooksPath": os.devnull,
    # Where a submodule is from is the repository's choice: `ext` runs a command, `file` reads this machine.
    "protocol.ext.allow": "never",
    "protocol.fd.allow": "never",
    "protocol.file.allow": "user",
}
_SUBMODULE = re.compile(r"submodule\..+\.url", re.DOTALL)
_GITLINK = "160000 "
_OF_A_HOOK = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
}


def _inherited() -> dict[str, str]:
    """Give our own environment without what git tells a hook of the repository that the hook is for."""
    return {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}


def _refuse_no_repository(written: str, key: str) -> None:
    """See that what git takes for a path, as it has no colon before a slash, is a repository or a bundle."""
    path = Path(written)
    if ":" in written.partition("/")[0] or path.is_file():
        return
    remedy = "write the path of a repository, or a URL"
    if not path.is_dir():
        near = beside(path, lambda each: each.is_dir())
        raise Refusal(f"{key}: {shown(written, 200)!r}: there is no such directory: {near}{remedy}")
    if not (path / ".git").exists() and not (path / "HEAD").exists():
        raise Refusal(f"{key}: {shown(written, 200)!r}: there is no git repository in it: {remedy}")


class Git:
    """git for one source, in the time that all of it may take."""

    def __init__(self, source: GitSource, key: str) -> None:
        self._source, self._key = source, key
        self._deadline = time.monotonic() + PATIENCE
        _refuse_no_repository(source.git, f"{key}['git']")
        ssh = ["ssh", "-o", "BatchMode=yes"]
        if source.key:
            deploy_key.check(source.key, f"{key}['key']")
            ssh += ["-i", str(Path(source.key).resolve()), "-o", "IdentitiesOnly=yes"]
        if source.known_hosts:
            if not Path(source.known_hosts).is_file():
                remedy = "is not there; write a file with lines of ssh-keyscan's that you have checked"
                raise Refusal(f"{key}['known_hosts']: {source.known_hosts!r}: {remedy}")
            known = Path(source.known_hosts).resolve()
            ssh += ["-o", f'UserKnownHostsFile="{known}"', "-o", "StrictHostKeyChecking=yes"]
        self._environment = {
            "GIT_SSH_COMMAND": shlex.join(ssh),
            "GIT_TEMPLATE_DIR": "",
            "GIT_TERMINAL_PROMPT": "0",
        }

    @property
    def _variables(self) -> dict[str, str]:
        return _inherited() | self._environment

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        options = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        return ["git", *options, *arguments]

    def run(self, *arguments: str) -> str:
        """Run git, and give what it said.

        Raises:
            Refusal: it fails, or comes to no end.

        """
        try:
            done = in_time.run(self._command(*arguments), self._variables, self._deadline)
        except FileNotFoundError:
            raise Refusal(f"{self._key}: install git") from None
        except in_time.Endless as endless:
            remedy = "see what its server, or a submodule's, does, or fetch it yourself into a directory"
            what = f"git {endless} ({PATIENCE} s for all of it)"
            raise Refusal(f"{self._key}: {self._source.git!r}: {what}: {remedy}") from None
        if done.returncode:
            raise Refusal(said(f"{self._key}: {self._source.git!r}: git refuses", done.stderr))
        return done.stdout.decode(errors="replace")

    def resolve(self) -> str:
        """Find the commit that the source's ref names.

        Raises:
            Refusal: it names none.

        """
        ref = self._source.ref
        if _COMMIT.fullmatch(ref):
            return ref
        rows = self.run("ls-remote", "--", self._source.git, ref, f"{ref}^{{}}").splitlines()
        found = {name: commit for commit, _, name in (row.partition("\t") for row in rows)}
        # A branch before a tag of the same name; an annotated tag leads to its commit.
        for name in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}"):
            if name in found:
                return found[name]
        raise Refusal(
            f"{self._key}['ref']: {ref!r}: write a branch or tag of {self._source.git}, or a commit"
        )

    def check_out(self, files: Path, commit: str) -> None:
        """Fetch a commit and its submodules' into a new directory; what is git's own is there, too."""
        here = ("-C", str(files))
        self.run("init", "--quiet", str(files))
        # A submodule's URL may be relative to this one, which may be a path relative to where we are.
        url = self._source.git
        self.run(*here, "remote", "add", "origin", str(Path(url).resolve()) if Path(url).is_dir() else url)
        self.run(*here, "fetch", "--quiet", "--depth=1", "origin", commit)
        fetched, self._bytes_left = [(files, commit)], readable.MOST
        self._left = {b"tree": MOST_FILES, b"blob": MOST_FILES, b"commit": MOST_FILES}
        for top, at in fetched:
            self._refuse_too_much(top, at)
            self.run("-C", str(top), "-c", "advice.detachedHead=false", "checkout", "--quiet", "--force", at)
            fetched += self._fetch_submodules(top)

    def _fetch_submodules(self, top: Path) -> list[tuple[Path, str]]:
        """Fetch those of a commit that is checked out, without their files; give where, and the commits."""
        if not (top / ".gitmodules").is_file():
            return []
        here = ("-C", str(top))
        self.run(*here, "submodule", "--quiet", "init")
        pairs = self.run(*here, "config", "--local", "-z", "--list").split("\0")
        settings = dict(pair.partition("\n")[::2] for pair in pairs)
        for name in [name.removesuffix(".url") for name in settings if _SUBMODULE.fullmatch(name)]:
            if settings.get(f"{name}.update") != "none":
                # What git runs in place of a checkout.
                self.run(*here, "config", f"{name}.update", "!true")
        self.run(*here, "submodule", "--quiet", "update", "--depth=1")
        entries = self.run(*here, "ls-files", "-z", "--stage").split("\0")
        links = [entry.partition("\t") for entry in entries if entry.startswith(_GITLINK)]
        fetched = [(top / name, words.split()[1]) for words, _, name in links]
        return [(path, commit) for path, commit in fetched if (path / ".git").exists()]

    def _refuse_too_much(self, top: Path, commit: str) -> None:
        """See that a commit is no more than can be sent: of a few objects, it can be made of any number.

        That may be of directories alone, of which git would say nothing for years.
        """
        listing = self._command("-C", str(top), "ls-tree", "-r", "-t", "-l", "-z", commit)
        with subprocess.Popen(listing, env=self._variables, stdout=subprocess.PIPE) as process:
            for entry in _parted(process.stdout):
                _, kind, _, size, *_ = entry.split()
                self._left[kind] -= 1
                self._bytes_left -= int(size.replace(b"-", b"0"))
                if self._left[kind] < 0 or self._bytes_left < 0:
                    process.kill()
                    most = f"{MOST_FILES:,} files, as many directories"
                    remedy = f"a source may have {most} and {readable.MOST >> 30} GB"
                    raise Refusal(f"{self._key}: {self._source.git!r}: {commit[:12]} is too much: {remedy}")


def _parted(stream: IO[bytes] | None) -> Iterator[bytes]:
    """Give what a zero ends, piece by piece: of all of it there may be more than there is memory."""
    left = b""
    while stream and (piece := stream.read(1 << 16)):
        *whole, left = (left + piece).split(b"\0")
        if len(left) > _LONGEST:
            raise OSError(errno.ENAMETOOLONG, "a path in the commit is too long")
        yield from whole

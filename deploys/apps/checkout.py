"""A commit of a git repository, fetched by the controller into a cache of its own."""

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from deploys.apps import readable
from deploys.apps.remote_git import Git
from deploys.config.sources import GitSource
from deploys.once import Once
from deploys.onhost.removal import remove_at
from deploys.refusal import Refusal

_KEPT = 30 * 86400
"""Seconds for which the cache keeps a commit after it was last asked for."""


class Checkout(NamedTuple):
    """The files of a commit."""

    directory: Path
    commit: str
    files: Path
    """All of the commit's files, in the cache."""


commits: Once[str] = Once()
"""What refs have turned out to name: a run brings one commit to all of its hosts."""


def check_out(source: GitSource, key: str) -> Checkout:
    """Find the commit that a ref names, looked up once in a run, and its files, fetched unless in the cache.

    Args:
        source: repository, ref, deploy key and directory.
        key: the setting, for the message when it cannot be had.

    Raises:
        Refusal: the repository or the ref cannot be had.

    """
    git = Git(source, key)
    commit = commits.get((source.git, source.ref, source.key, source.known_hosts), git.resolve)
    home = _cache() / hashlib.sha256(source.git.encode()).hexdigest()[:16]
    files = home / commit
    if not files.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _fetch(git, commit, home)
    os.utime(files)
    directory = files / (source.directory or ".")
    if not directory.is_dir() or not directory.resolve().is_relative_to(files.resolve()):
        raise Refusal(f"{key}['directory']: {source.directory!r}: write a directory of the repository")
    return Checkout(directory, commit, files)


def forget(checkout: Checkout) -> None:
    """Take the files of a commit out of the cache."""
    _remove(checkout.files)


def _fetch(git: Git, commit: str, home: Path) -> None:
    scratch = Path(tempfile.mkdtemp(dir=home))
    try:
        files = scratch / "files"
        git.check_out(files, commit)
        for path in [entry.path for entry in readable.below(files) if entry.name == ".git"]:
            _remove(Path(path))
        if not (home / commit).exists():
            files.rename(home / commit)
    finally:
        _remove(scratch)
    _prune(home)


def _prune(home: Path) -> None:
    """Remove the commits that no run has asked for in a long time, and what runs that died have left."""
    for entry in home.iterdir():
        with suppress(FileNotFoundError):  # another run may be at the same
            if entry.stat().st_mtime < time.time() - _KEPT:
                _remove(entry)


def _remove(path: Path) -> None:
    """Remove a tree, however deep: Python's own way calls itself for each directory in another."""
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        remove_at(parent, path.name)
    finally:
        os.close(parent)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatehouse" / "git"

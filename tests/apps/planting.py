"""What is put into a repository so that it runs a command where git reads it."""

from collections.abc import Callable
from pathlib import Path

from tests.apps.repositories import git, tree

Plant = Callable[[Path, str], None]
"""Puts something into a repository that is to run a command."""


def setting(*pairs: tuple[str, str], below: str = ".") -> Plant:
    """Plant settings; `@` in a value stands for the command."""

    def plant(root: Path, command: str) -> None:
        for name, value in pairs:
            git(root / below, "config", "--add", name, value.replace("@", command))

    return plant


def attribute(words: str, *pairs: tuple[str, str]) -> Plant:
    """Plant settings that an attribute of all files leads to."""

    def plant(root: Path, command: str) -> None:
        tree(root, _DOT_gitattributes=f"* {words}\n")
        setting(*pairs)(root, command)

    return plant


def hook(name: str, folder: str = ".git/hooks") -> Plant:
    """Plant a hook."""

    def plant(root: Path, command: str) -> None:
        path = root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)
        if folder != ".git/hooks":
            git(root, "config", "core.hooksPath", str(root / folder))

    return plant


def included(name: str) -> Plant:
    def plant(root: Path, command: str) -> None:
        (root / "more.cfg").write_text(f'[core]\n\tfsmonitor = "{command}"\n')
        git(root, "config", name, str(root / "more.cfg"))

    return plant


def nested(plant: Plant) -> Plant:
    """Plant in a repository that lies in the source."""

    def plant_nested(root: Path, command: str) -> None:
        git(tree(root / "below", main_DOT_py="1"), "init", "-q")
        plant(root / "below", command)
        git(root / "below", "add", ".")
        git(root / "below", "commit", "-qm", "x", "--no-verify")

    return plant_nested


def submodule(plant: Plant) -> Plant:
    """Plant in a submodule's own repository, which is in the source's."""

    def plant_submodule(root: Path, command: str) -> None:
        nested(lambda *_: None)(root, command)
        tree(root, _DOT_gitmodules='[submodule "below"]\n\tpath = below\n\turl = ./below\n')
        git(root, "add", ".gitmodules", "below")
        git(root, "submodule", "--quiet", "absorbgitdirs")
        plant(root / "below", command)
        tree(root / "below", main_DOT_py="changed")

    return plant_submodule


def bare(root: Path, command: str) -> None:
    """Plant a repository that needs no `.git`, and is found by its files."""
    git(root, "init", "-q", "--bare", "bare")
    git(root / "bare", "config", "core.bare", "false")
    git(root / "bare", "config", "core.worktree", str(root))
    git(root / "bare", "config", "core.fsmonitor", command)


def elsewhere(root: Path, command: str) -> None:
    """Plant a `.git` that only names the repository."""
    (root / ".git").rename(root / "odd")
    (root / ".git").write_text("gitdir: odd\n")
    setting(("core.fsmonitor", "@"))(root, command)


def of_a_worktree(root: Path, command: str) -> None:
    """Plant a repository that has its configuration from another one."""
    (root / ".git").rename(root / "common")
    own = root / ".git"
    own.mkdir()
    for name in ("HEAD", "index"):
        (root / "common" / name).rename(own / name)
    (root / "common/HEAD").write_text("ref: refs/heads/x\n")
    (own / "commondir").write_text("../common\n")
    (own / "gitdir").write_text(f"{own}\n")
    setting(("core.fsmonitor", "@"))(root, command)


def of_one_worktree(root: Path, command: str) -> None:
    setting(("core.repositoryFormatVersion", "1"), ("extensions.worktreeConfig", "true"))(root, command)
    git(root, "config", "--worktree", "core.fsmonitor", command)


def partial(root: Path, command: str) -> None:
    """Plant a repository whose objects are still to be fetched, by a command."""
    setting(
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ext::sh -c @"),
        ("protocol.ext.allow", "always"),
    )(root, command)
    for path in (root / ".git/objects").glob("??/*"):
        path.unlink()


FILTER = [("filter.x.clean", "@; cat"), ("filter.x.smudge", "@; cat"), ("filter.x.required", "true")]


def of_the_repository(root: Path, command: str) -> None:
    """Plant an attribute in the repository's own directory."""
    (root / ".git/info/attributes").write_text("* filter=x\n")
    setting(*FILTER)(root, command)

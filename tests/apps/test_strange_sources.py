"""Nothing that a source contains runs before the build on the server: neither in a dry run nor in a run."""

import os
from pathlib import Path

import pytest

from deploys.apps.checkout import commits
from deploys.apps.reading import read_source
from deploys.config.sources import GitSource
from deploys.refusal import Refusal
from tests.apps.planting import (
    FILTER,
    Plant,
    attribute,
    bare,
    elsewhere,
    hook,
    included,
    nested,
    of_a_worktree,
    of_one_worktree,
    of_the_repository,
    partial,
    setting,
    submodule,
)
from tests.apps.repositories import git, tree

WAYS: dict[str, Plant] = {
    "core.fsmonitor": setting(("core.fsmonitor", "@")),
    "core.fsmonitor, version 2": setting(("core.fsmonitor", "@"), ("core.fsmonitorHookVersion", "2")),
    "filter.clean": attribute("filter=x", *FILTER),
    "filter.process": attribute("filter=x", ("filter.x.process", "@")),
    "filter in info/attributes": of_the_repository,
    "lfs's own filter": attribute("filter=lfs", ("filter.lfs.clean", "@"), ("filter.lfs.process", "@")),
    "include.path": included("include.path"),
    "includeIf": included("includeIf.gitdir:/.path"),
    "config.worktree": of_one_worktree,
    "hooks/post-index-change": hook("post-index-change"),
    "core.hooksPath": hook("post-index-change", "odd"),
    "hooks/fsmonitor-watchman": hook("fsmonitor-watchman"),
    "diff.external": setting(("diff.external", "@")),
    "diff.command": attribute("diff=x", ("diff.x.command", "@")),
    "diff.textconv": attribute("diff=x", ("diff.x.textconv", "@")),
    "merge.driver": attribute("merge=x", ("merge.x.driver", "@")),
    "alias": setting(*((f"alias.{name}", "!@") for name in ("ls-files", "status", "rev-parse", "config"))),
    "core.pager": setting(("core.pager", "@"), ("pager.status", "@"), ("pager.ls-files", "@")),
    "core.editor": setting(("core.editor", "@"), ("sequence.editor", "@")),
    "core.sshCommand": setting(("core.sshCommand", "@"), ("remote.origin.url", "ssh://a.test/b")),
    "core.gitProxy": setting(("core.gitProxy", "@"), ("remote.origin.url", "git://a.test/b")),
    "core.askPass": setting(("core.askPass", "@"), ("credential.helper", "!@")),
    "core.alternateRefsCommand": setting(("core.alternateRefsCommand", "@")),
    "gpg.program": setting(("gpg.program", "@"), ("log.showSignature", "true"), ("gpg.ssh.program", "@")),
    "url.insteadOf": setting(("url.ext::sh -c @.insteadOf", "https://"), ("protocol.ext.allow", "always")),
    "uploadpack.packObjectsHook": setting(("uploadpack.packObjectsHook", "@")),
    "submodule.update": setting(("submodule.below.update", "!@"), ("submodule.recurse", "true")),
    "interactive.diffFilter": setting(("interactive.diffFilter", "@")),
    "a bare repository in it": bare,
    ".git that leads elsewhere": elsewhere,
    "a worktree's common directory": of_a_worktree,
    "a nested repository's fsmonitor": nested(setting(("core.fsmonitor", "@"))),
    "a nested repository's filter": nested(attribute("filter=x", *FILTER)),
    "a nested repository's hook": nested(hook("post-index-change")),
    "a submodule's fsmonitor": submodule(setting(("core.fsmonitor", "@"))),
    "a submodule's filter": submodule(attribute("filter=x", *FILTER)),
    "a submodule's include": submodule(included("include.path")),
}


@pytest.fixture
def planted(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """A repository with files that differ from its commit, and the file that must not come to be."""
    root, ran = tmp_path / "app", tmp_path / "ran"
    git(tree(root, main_DOT_py="1", other_DOT_py="2"), "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    request.param(root, f"touch {ran}")
    tree(root, main_DOT_py="3")
    os.utime(root / "other.py", (1, 1))
    ran.unlink(missing_ok=True)
    return root, ran


@pytest.mark.parametrize("planted", WAYS.values(), ids=WAYS, indirect=True)
def test_a_directory_runs_nothing(planted: tuple[Path, Path]) -> None:
    root, ran = planted
    for _ in ("a dry run", "a run"):
        source = read_source(str(root), "key")
        assert "main.py" in source.files
        assert source.digest
        assert source.archive()
        assert not ran.exists()


@pytest.mark.parametrize("planted", [partial], indirect=True)
def test_missing_objects_are_not_fetched(planted: tuple[Path, Path]) -> None:
    root, ran = planted
    with pytest.raises(Refusal, match=r"key: '.*': git refuses: 'fatal: bad object"):
        read_source(str(root), "key")
    assert not ran.exists()


@pytest.mark.parametrize(
    "planted", [WAYS[way] for way in ("core.fsmonitor", "filter.clean", "include.path")], indirect=True
)
def test_git_itself_would_have_run_it(planted: tuple[Path, Path]) -> None:
    root, ran = planted
    git(root, "status")
    assert ran.exists()


def of_lfs(root: Path, command: str) -> None:
    """Plant a program that is to transfer large files."""
    (root / ".lfsconfig").write_text(f'[lfs "customtransfer.x"]\n\tpath = {command}\n')


def fetched_from(root: Path, text: str) -> None:
    """Plant a submodule."""
    tree(root, _DOT_gitmodules=f'[submodule "below"]\n\tpath = below\n{text}')
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},below")


CLONED: dict[str, Plant] = {
    "uploadpack.packObjectsHook": setting(("uploadpack.packObjectsHook", "@")),
    "core.fsmonitor": setting(("core.fsmonitor", "@")),
    "a filter": attribute("filter=x", *FILTER),
    "a hook of the origin's": hook("post-checkout"),
    "a submodule by ext": lambda root, command: fetched_from(root, f"\turl = ext::sh -c {command}\n"),
    "a submodule by a command": lambda root, command: fetched_from(
        root, f"\turl = https://127.0.0.1:9/x\n\tupdate = !{command}\n"
    ),
    "a submodule by an option": lambda root, command: fetched_from(root, f"\turl = -u{command}\n"),
    "a submodule of this machine": lambda root, _: fetched_from(root, f"\turl = file://{root}\n"),
    "git LFS's own settings": of_lfs,
}


@pytest.mark.parametrize("way", CLONED)
def test_what_is_fetched_runs_nothing(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Not even where the user trusts more than git does by itself.
    (tmp_path / "users.cfg").write_text(
        '[protocol "ext"]\n\tallow = always\n[protocol "file"]\n\tallow = always\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "users.cfg"))
    commits.clear()
    origin, ran = tmp_path / "origin", tmp_path / "ran"
    git(tree(origin, main_DOT_py="1"), "init", "-q")
    CLONED[way](origin, f"touch {ran}")
    git(origin, "add", *(path.name for path in origin.iterdir() if path.is_file()))
    git(origin, "commit", "-qm", "x")
    ran.unlink(missing_ok=True)
    source = GitSource(git=str(origin), ref="HEAD")
    for _ in ("a dry run", "a run"):
        if "submodule" in way:
            with pytest.raises(Refusal, match=r"key: '.*': git refuses"):
                read_source(source, "key")
        else:
            assert "main.py" in read_source(source, "key").files
        assert not ran.exists()

"""Nothing that a source contains runs before the build on the server: neither in a dry run nor in a run."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.apps.checkout import commits
from deploys.apps.reading import read_source
from deploys.config.sources import GitSource
from deploys.refusal import Refusal
from tests.apps.test_source import git, tree

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


def of_the_repository(root: Path, command: str) -> None:
    """Plant an attribute in the repository's own directory."""
    (root / ".git/info/attributes").write_text("* filter=x\n")
    setting(*FILTER)(root, command)


FILTER = [("filter.x.clean", "@; cat"), ("filter.x.smudge", "@; cat"), ("filter.x.required", "true")]
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
    with pytest.raises(Refusal, match=r"key: '.*': git refuses: fatal: bad object"):
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


def test_the_user_s_own_ignored_files_and_line_endings_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ignored").write_text("*.swp\n")
    (tmp_path / "users.cfg").write_text(f"[core]\n\texcludesFile = {tmp_path}/ignored\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "users.cfg"))
    root = tree(tmp_path / "app", main_DOT_py="1\r\n", main_DOT_swp="2", local="3")
    git(root, "init", "-q")
    (root / ".git/info/exclude").write_text("local\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    os.utime(root / "main.py", (1, 1))
    source = read_source(str(root), "key")
    assert source.files == ("main.py",)
    assert source.commit
    assert not source.commit.endswith("+")


def lfs(root: Path) -> None:
    """Have git keep a pointer for a file, as git LFS does."""
    tree(root, _DOT_gitattributes="*.bin filter=lfs\n", data_DOT_bin="real")
    oid = (
        subprocess.run(["sha256sum", root / "data.bin"], capture_output=True, check=True).stdout[:64].decode()
    )
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4\n"
    git(root, "config", "filter.lfs.clean", f"printf '{pointer}'")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda root: None, False),
        (lambda root: os.utime(root / "data.bin", (1, 1)), False),
        (lambda root: tree(root, data_DOT_bin="fake"), True),
        (lambda root: tree(root, new_DOT_py="1"), True),
        (lambda root: (root / "data.bin").unlink(), True),
        (lambda root: git(root, "rm", "-q", "--cached", "data.bin"), True),
    ],
)
def test_whether_files_of_git_lfs_differ(
    tmp_path: Path, change: Callable[[Path], object], *, differs: bool
) -> None:
    git(tmp_path, "init", "-q")
    lfs(tmp_path)
    change(tmp_path)
    commit = read_source(str(tmp_path), "key").commit
    assert commit
    assert commit.endswith("+") is differs


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda root: None, False),
        (lambda root: tree(root / "below", main_DOT_py="2"), True),
        (lambda root: git(root / "below", "commit", "-qm", "y", "--allow-empty"), True),
    ],
)
def test_whether_a_submodule_differs(
    tmp_path: Path, change: Callable[[Path], object], *, differs: bool
) -> None:
    git(tmp_path, "init", "-q")
    submodule(lambda *_: None)(tmp_path, "")
    git(tmp_path / "below", "checkout", "-q", ".")
    git(tmp_path, "commit", "-qm", "x")
    change(tmp_path)
    source = read_source(str(tmp_path), "key")
    assert "below/main.py" in source.files
    assert source.commit
    assert source.commit.endswith("+") is differs


@pytest.mark.parametrize("kind", ["a worktree", "a split index", "sha256", "packed refs", "a sparse index"])
def test_every_kind_of_repository_is_seen(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "app"
    formatted = ["--object-format=sha256"] if kind == "sha256" else []
    git(tree(root, main_DOT_py="1", out__other_DOT_py="2"), "init", "-q", *formatted)
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    expected: tuple[str, ...] = ("main.py", "out/other.py")
    match kind:
        case "a worktree":
            git(root, "worktree", "add", "-q", str(tmp_path / "tree"))
            root = tmp_path / "tree"
        case "a split index":
            git(root, "update-index", "--split-index")
        case "packed refs":
            git(root, "pack-refs", "--all")
        case "a sparse index":
            git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "in")
            expected = ("main.py",)
    source = read_source(str(root), "key")
    assert source.files == expected
    assert source.commit
    assert not source.commit.endswith("+")

"""Every kind of repository is read as its owner's own git reads it: which files, and whether they differ."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.apps.reading import read_source
from tests.apps.planting import submodule
from tests.apps.repositories import git, tree


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

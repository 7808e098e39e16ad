"""What is fetched for a git source, and what git LFS keeps elsewhere."""

import os
from pathlib import Path

import pytest

from deploys.apps.checkout import check_out, commits
from deploys.apps.reading import read_source
from deploys.config.sources import GitSource
from deploys.refusal import Refusal
from tests.apps.repositories import git, tree

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 5\n"


def test_a_file_that_git_lfs_has_yet_to_fetch_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, docs_DOT_md=POINTER + "x" * 1024, data__model_DOT_bin="real")
    (tmp_path / "link").symlink_to("nowhere")
    assert read_source(str(tmp_path), "key").files == ("data/model.bin", "docs.md", "link")
    tree(tmp_path, data__model_DOT_bin=POINTER)
    with pytest.raises(Refusal, match=r"key: 'data/model\.bin' is kept in git LFS: run"):
        read_source(str(tmp_path), "key")


@pytest.fixture
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    commits.clear()


def commit(root: Path, **files: str) -> GitSource:
    git(tree(root, **files), "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    return GitSource(git=str(root), ref="HEAD")


@pytest.mark.usefixtures("_cache")
def test_a_checkout_without_what_git_lfs_keeps_is_made_anew(tmp_path: Path) -> None:
    source = commit(tmp_path / "app", main_DOT_py="1", data__model_DOT_bin=POINTER)
    with pytest.raises(Refusal, match=r"'data/model\.bin' is kept in git LFS: install git-lfs"):
        read_source(source, "key")
    assert list(tmp_path.glob("cache/gatehouse/git/*/*")) == []


@pytest.mark.usefixtures("_cache")
def test_the_cache_keeps_commits_as_long_as_runs_ask_for_them(tmp_path: Path) -> None:
    made = []
    for words in "12":
        source = commit(tmp_path / "app", main_DOT_py=words)
        made.append(check_out(source, "key").commit)
        commits.clear()
    assert made[0] != made[1]
    (home,) = tmp_path.glob("cache/gatehouse/git/*")
    (home / "tmpdead").mkdir()
    for entry in home.iterdir():
        os.utime(entry, (0, 0))
    assert check_out(GitSource(git=source.git, ref=made[1]), "key").commit == made[1]
    made.append(check_out(commit(tmp_path / "app", main_DOT_py="3"), "key").commit)
    assert sorted(entry.name for entry in home.iterdir()) == sorted(made[1:])


@pytest.mark.usefixtures("_cache")
def test_a_push_meanwhile_gives_no_host_of_a_run_another_commit(tmp_path: Path) -> None:
    source = commit(tmp_path / "app", main_DOT_py="1")
    first = check_out(source, "one: key")
    commit(tmp_path / "app", main_DOT_py="2")
    assert check_out(source, "two: key") == first
    backend = source.model_copy(update={"directory": "."})
    assert check_out(backend, "two: key").commit == first.commit
    commits.clear()
    assert check_out(source, "two: key").commit != first.commit

"""Which files belong to a source, and when two sources are the same."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from deploys.apps.reading import read_source, read_sources
from deploys.config import App
from deploys.refusal import Refusal
from tests.apps.repositories import git, tree


def names(root: Path) -> tuple[str, ...]:
    app = App.model_validate({"source": str(root), "asgi": "main:app"})
    return read_sources(app, "apps['x']").files


def test_without_a_repository_all_but_what_a_machine_made_for_itself(tmp_path: Path) -> None:
    tree(tmp_path, main_DOT_py="1", pkg__a_DOT_py="2", _DOT_venv__bin__python="x")
    tree(tmp_path / "__pycache__", main_DOT_pyc="x")
    assert names(tmp_path) == ("main.py", "pkg/a.py")


@pytest.mark.parametrize("tracked", [None, (), (".",)])
def test_a_virtual_environment_is_left_out_whatever_it_is_called(
    tmp_path: Path, tracked: tuple[str, ...] | None
) -> None:
    tree(tmp_path, main_DOT_py="1", tools__env__pyvenv_DOT_cfg="home = /usr/bin\n", environment__x="2")
    (tmp_path / "tools/env/bin").mkdir()
    (tmp_path / "tools/env/bin/python").symlink_to("/usr/bin/python3")
    if tracked is not None:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", "--", *tracked)
    assert names(tmp_path) == ("environment/x", "main.py")


def test_a_submodule_that_is_not_fetched_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, main_DOT_py="1")
    git(tmp_path, "init", "-q")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{'0' * 39}1,vendor/lib")
    (tmp_path / "vendor/lib").mkdir(parents=True)
    with pytest.raises(Refusal, match="'vendor/lib' is a submodule that is not fetched: run `git submodule"):
        names(tmp_path)


def test_in_a_repository_what_git_tracks_or_would_track(tmp_path: Path) -> None:
    tree(tmp_path, main_DOT_py="1", new_DOT_py="2", local_DOT_env="3", gone_DOT_py="4")
    (tmp_path / ".gitignore").write_text("*.env\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "main.py", "gone.py", ".gitignore")
    git(tmp_path, "commit", "-qm", "x")
    (tmp_path / "gone.py").unlink()
    assert names(tmp_path) == (".gitignore", "main.py", "new.py")


def test_a_folder_of_a_repository_is_only_that_folder(tmp_path: Path) -> None:
    tree(tmp_path, app__main_DOT_py="1", other__main_DOT_py="2")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert names(tmp_path / "app") == ("main.py",)


def test_the_commit_says_whether_files_differ_from_it(tmp_path: Path) -> None:
    tree(tmp_path, main_DOT_py="1")
    git(tmp_path, "init", "-q")
    assert read_source(str(tmp_path), "").commit is None
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    clean = read_source(str(tmp_path), "").commit
    assert clean is not None
    assert len(clean) == 12
    tree(tmp_path, main_DOT_py="2")
    assert read_source(str(tmp_path), "").commit == f"{clean}+"


def test_which_files_of_the_controller_it_holds(tmp_path: Path) -> None:
    tree(tmp_path, app__a_DOT_py="1", app__ignored="2", app__below__mine="3", mine="4")
    tree(tmp_path / "app", _DOT_gitignore="ignored\n")
    git(tmp_path / "app", "init", "-q")
    (tmp_path / "link").symlink_to("app")
    source = read_source(str(tmp_path / "link"), "")
    held = ("app/below/mine", "link/below/mine", "app/../app/a.py")
    assert all(source.holds(f"{tmp_path}/{name}") for name in held)
    assert not any(source.holds(f"{tmp_path}/{name}") for name in ("app/ignored", "mine", "app/nothing"))


def test_no_archive_of_other_files_than_those_of_the_digest(tmp_path: Path) -> None:
    tree(tmp_path, a_DOT_py="1")
    source = read_source(str(tmp_path), "")
    assert source.digest
    assert source.archive()
    tree(tmp_path, a_DOT_py="2")
    with pytest.raises(Refusal, match="has changed since the plan was made: run it again"):
        source.archive()
    tree(tmp_path, a_DOT_py="1")
    assert source.archive()


def test_the_digest_is_of_paths_modes_and_contents(tmp_path: Path) -> None:
    def digest() -> str:
        return read_source(str(tmp_path), "").digest

    tree(tmp_path, a_DOT_py="1", b_DOT_py="2")
    (tmp_path / "link").symlink_to("a.py")
    seen = [digest()]
    os.utime(tmp_path / "a.py", (0, 0))
    assert digest() == seen[0]
    (tmp_path / "a.py").chmod(0o755)
    seen.append(digest())
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    seen.append(digest())
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("b.py")
    seen.append(digest())
    (tmp_path / "b.py").write_text("3")
    seen.append(digest())
    assert len(set(seen)) == len(seen)


def test_the_archive_is_the_files_and_always_the_same(tmp_path: Path) -> None:
    tree(tmp_path, pkg__a_DOT_py="1")
    (tmp_path / "link").symlink_to("pkg/a.py")
    (tmp_path / "pkg/a.py").chmod(0o700)
    source = read_source(str(tmp_path), "")
    assert source.archive() == source.archive()
    with tarfile.open(fileobj=io.BytesIO(source.archive())) as tar:
        assert {entry.name: (entry.mode, entry.linkname) for entry in tar} == {
            "link": (0o644, "pkg/a.py"),
            "pkg/a.py": (0o755, ""),
        }


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "pkg/../../outside"])
def test_a_link_that_leads_out_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(Refusal, match=r"apps\['x'\]\['source'\]: 'link' is a link to .*: remove it"):
        names(tmp_path)


def test_a_source_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="write the path of a directory"):
        names(tmp_path / "nowhere")
    with pytest.raises(Refusal, match="there are no files in it"):
        names(tmp_path)


def test_a_hook_s_own_repository_is_not_taken_for_the_source_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, app__main_DOT_py="1", other__ignored_DOT_py="2")
    for name in ("app", "other"):
        git(tmp_path / name, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    assert names(tmp_path / "app") == ("main.py",)


@pytest.mark.parametrize("has_repository", [False, True])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path, kind: str, *, has_repository: bool) -> None:
    path = tmp_path / "app" / os.fsdecode(b"caf\xe9.py")
    path.parent.mkdir()
    if has_repository:
        git(tmp_path / "app", "init", "-q")
    if kind == "file":
        path.write_text("1")
    else:
        (path.parent / "link").symlink_to(path.name)
    with pytest.raises(Refusal, match=r"apps\['x'\]\['source'\]: '.*': rename it, or where it leads"):
        names(tmp_path / "app")


def test_a_file_that_has_gone_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, main_DOT_py="1", pyproject_DOT_toml="2")
    source = read_source(str(tmp_path), "")
    for name in source.files:
        (tmp_path / name).unlink()
    for read in (lambda: source.digest, source.archive, lambda: source.text("pyproject.toml")):
        with pytest.raises(Refusal, match=r"source: cannot be read: .* No such file or directory: '/"):
            read()


def test_what_cannot_be_looked_at_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, main_DOT_py="1")
    with pytest.raises(Refusal, match=r"apps\['x'\]\['source'\]: cannot be read: .* File name too long"):
        names(tmp_path / ("x" * 300))


WORKSPACE = """
[tool.uv.workspace]
members = ["./services/*", "web"]
exclude = ["services/alone"]
"""


@pytest.mark.parametrize(
    ("name", "has_lock", "member"),
    [
        ("services/shop", True, True),
        ("web", True, True),
        ("services/shop", False, False),
        ("services/alone", True, False),
        ("elsewhere/shop", True, False),
        ("", True, False),
    ],
)
def test_a_member_of_a_locked_workspace_is_refused(
    tmp_path: Path, name: str, *, has_lock: bool, member: bool
) -> None:
    tree(tmp_path, pyproject_DOT_toml=WORKSPACE, main_DOT_py="1")
    if has_lock:
        tree(tmp_path, uv_DOT_lock="")
    for folder in ("services/shop", "services/alone", "elsewhere/shop", "web"):
        tree(tmp_path / folder, pyproject_DOT_toml='[project]\nname = "the-shop"', main_DOT_py="1")
    if not member:
        assert "main.py" in names(tmp_path / name)
        return
    with pytest.raises(Refusal) as refusal:
        names(tmp_path / name)
    assert str(refusal.value) == (
        f"apps['x']['source']: {name!r} is a member of a workspace, whose uv.lock lies above it:"
        ' write the directory of the workspace, and dependencies = {"package": "the-shop"}'
    )


def test_a_member_with_a_lock_of_its_own_is_taken(tmp_path: Path) -> None:
    tree(tmp_path, pyproject_DOT_toml=WORKSPACE, uv_DOT_lock="", web__uv_DOT_lock="")
    tree(tmp_path / "web", pyproject_DOT_toml='[project]\nname = "web"')
    assert names(tmp_path / "web") == ("pyproject.toml", "uv.lock")


def test_what_git_ignores_comes_along_by_name(tmp_path: Path) -> None:
    tree(
        tmp_path,
        main_DOT_py="1",
        frontend__dist__index_DOT_html="2",
        frontend__dist__js__a_DOT_js="3",
        built="4",
    )
    (tmp_path / ".gitignore").write_text("dist/\nbuilt\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    source = read_source(str(tmp_path), "key", include=("frontend/dist", "built"))
    added = {"built", "frontend/dist/index.html", "frontend/dist/js/a.js"}
    assert set(source.files) == {".gitignore", "main.py", *added}
    assert source.commit
    assert not source.commit.endswith("+")


@pytest.mark.parametrize("name", ["nowhere", "empty", "out/passwd", "out"])
def test_what_is_not_there_to_be_included_is_refused(tmp_path: Path, name: str) -> None:
    tree(tmp_path / "app", main_DOT_py="1")
    (tmp_path / "app/empty").mkdir()
    (tmp_path / "app/out").symlink_to("/etc")
    with pytest.raises(
        Refusal, match=rf"key: {name!r} is (to be included, and is not there: build it|a link|behind)"
    ):
        read_source(str(tmp_path / "app"), "key", include=(name,))

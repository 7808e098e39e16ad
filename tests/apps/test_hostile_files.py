"""Whatever a source's own files say, reading them ends soon, and in a line where they cannot be used."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys.apps import checkout, readable, remote_git
from deploys.apps import repository as repositories
from deploys.apps.build import recipe
from deploys.apps.reading import read_sources
from deploys.apps.versions import versions
from deploys.config import App
from deploys.config.sources import GitSource
from deploys.refusal import Refusal
from tests.apps.repositories import git
from tests.apps.test_endless_sources import ends
from tests.strangers.hostile.stranger.tools.files import deep

__all__ = ["ends"]

PROJECT = '[project]\nname = "x"\nversion = "1"\n'
DEEP = f"x = {'[' * 50_000}"
LONG_NUMBER = f"x = {'1' * 5000}"
LONG_KEY = f"a{'.a' * 30_000} = 1"

FILES: dict[str, dict[str, str]] = {
    "lists in lists": {"pyproject.toml": DEEP},
    "tables in tables": {"pyproject.toml": f"x = {'{a=' * 3000}"},
    "a number without an end": {"pyproject.toml": LONG_NUMBER},
    "a key of many parts": {"pyproject.toml": LONG_KEY},
    "a key of many parts in quotes": {"pyproject.toml": "a" + '."a"' * 30_000 + " = 1"},
    "a key of many parts within a table": {"pyproject.toml": f"x = {{a{' . a' * 30_000} = 1}}"},
    "many spaces": {"pyproject.toml": f'{PROJECT}requires-python = ">=3{" " * 100_000}x"'},
    "tables that are none": {"pyproject.toml": "project = 5\ntool = 3\nbuild-system = 1"},
    "names that are none": {"pyproject.toml": "[project]\nname = 5\n[tool]\nuv = 5\npoetry = [1]"},
    "choices that are none": {
        "pyproject.toml": f"{PROJECT}optional-dependencies = 5\n[dependency-groups]\nb = 5"
    },
    "objects in objects": {"Pipfile.lock": f'{{"_meta": {"[" * 100_000}'},
    "a lock that is a number": {"Pipfile.lock": "5"},
    "packages that are numbers": {"Pipfile.lock": '{"default": {"a": 5}}'},
    "parts of packages that are numbers": {
        "Pipfile.lock": '{"default": {"a": {"version": "==5", "extras": 3, "hashes": 3}}}'
    },
    "a version that is a wall": {".python-version": "x" * 1_000_000},
    "a version that is no text": {".python-version": "\udcff\udcfe3.1"},
    "alternatives without end": {
        "pyproject.toml": f"[tool.poetry.dependencies]\npython = '{'3||' * 100_000}3'"
    },
    "many alternatives in two files": {
        "pyproject.toml": "[tool.poetry.dependencies]\npython = '{}'".format(
            "||".join(f"!=3.1{n}.1,<9" for n in range(10))
        ),
        "requirements.txt": "",
        ".tool-versions": "python <3.20,!=3.1,!=3.2",
    },
    "a setup.py of one line": {"setup.py": "python_requires " * 60_000},
    "a setup.py of spaces": {"setup.py": f"python_requires={' ' * 1_000_000}"},
    "a setup.py of lines": {"setup.py": "python_requires=x,\n" + "x = \n" * 200_000},
    "settings that are no text": {"setup.cfg": "[options]\npython_requires = \udcff"},
    **{
        f"{what} in {lock}": {"pyproject.toml": PROJECT, lock: content}
        for lock in ("poetry.lock", "pdm.lock")
        for what, content in {
            "lists in lists": DEEP,
            "a number without an end": LONG_NUMBER,
            "a key of many parts": LONG_KEY,
            "a number for packages": "package = 5",
            "numbers for packages": "package = [5]",
            "names that are none": "[[package]]\nname = 5\nversion = [1]\nsource = 3",
            "no text": "x = '\udcff'",
        }.items()
    },
}
MEMBERS = {
    "a number": "[1]",
    "a number for the list": "5",
    "a number to leave out": '["a"]\nexclude = 5',
    "all that there is": '["../../../../../../**"]',
    "all folders, many times": f'["{"**/" * 40}x"]',
    "more than there may be": f'["{"*/" * 5000}"]',
    "stars that have many ways": f'["{"*m" * 40}x"]',
    "stars where none may be": '["**.py"]',
    "no pattern": '["[a-"]',
}


def put(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.encode("utf-8", "surrogateescape"))


def used(source: "Path | GitSource") -> str:
    """Use a source as a run does, up to what is sent; give the words of a refusal."""
    app = App.model_validate(
        {
            "source": str(source) if isinstance(source, Path) else source,
            "asgi": "main:app",
            "dependencies": {"extras": ["a"], "groups": ["b"]},
        }
    )
    try:
        found = read_sources(app, "apps['x']")
        recipe(app, found)
        versions(found)
        found.archive()
    except Refusal as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_they_are_read_or_refused(tmp_path: Path, files: dict[str, str]) -> None:
    put(tmp_path, {"main.py": "", **files})
    said = used(tmp_path)
    assert len(said) < 500
    assert "\n" not in said


@pytest.mark.parametrize("members", MEMBERS.values(), ids=MEMBERS)
def test_members_of_a_workspace_are_not_looked_for(tmp_path: Path, members: str) -> None:
    put(tmp_path, {"uv.lock": "", "pyproject.toml": f"[tool.uv.workspace]\nmembers = {members}\n"})
    put(tmp_path / "member", {"main.py": "", "pyproject.toml": PROJECT})
    assert "a member of a workspace" not in used(tmp_path / "member")


@pytest.mark.parametrize("members", ['["member"]', '["./*"]', '["**"]', '["x", "m*r"]', '["**/member/"]'])
def test_a_member_is_known_by_its_pattern(tmp_path: Path, members: str) -> None:
    put(tmp_path, {"uv.lock": "", "pyproject.toml": f"[tool.uv.workspace]\nmembers = {members}\n"})
    put(tmp_path / "member", {"main.py": "", "pyproject.toml": PROJECT})
    assert "a member of a workspace" in used(tmp_path / "member")


def test_folders_in_folders_are_named_in_a_line(tmp_path: Path) -> None:
    top = tmp_path / "app"
    put(top, {"main.py": ""})
    deep(str(top), 4000)
    try:
        assert len(used(top)) < 500
    finally:
        subprocess.run(["rm", "-r", "--", str(top)], check=True)


def repository(top: Path, levels: int, width: int, content: str | None = "") -> GitSource:
    """Make one whose commit has a few objects, of which each folder names the one below several times.

    Without any content, there are folders alone.
    """
    git(top.parent, "init", "--quiet", "--initial-branch=main", str(top))
    if content is None:
        kind, found = "040000 tree", git(top, "mktree")
    else:
        kind, found = "100644 blob", git(top, "hash-object", "-w", "--stdin", stdin=content)
    for _ in range(levels):
        rows = "".join(f"{kind} {found}\td{number}\n" for number in range(width))
        kind, found = "040000 tree", git(top, "mktree", stdin=rows)
    if levels:
        git(top, "update-ref", "refs/heads/main", git(top, "commit-tree", "-m", "x", found))
    return GitSource(git=str(top), ref="main")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield tmp_path / "cache"
    # Python itself, and so pytest, cannot remove what is too deep.
    subprocess.run(["rm", "-rf", "--", str(tmp_path / "cache")], check=True)


# Of some more levels, git would go on for years, and say nothing.
@pytest.mark.parametrize(("levels", "content"), [(11, ""), (6, None)])
def test_a_commit_of_more_files_than_any_disk_has_is_not_checked_out(
    tmp_path: Path, cache: Path, levels: int, content: str | None
) -> None:
    said = used(repository(tmp_path / "bomb", levels, width=10, content=content))
    assert f"is too much: a source may have {remote_git.MOST_FILES:,} files" in said
    assert not list(cache.rglob("d0"))


@pytest.mark.parametrize("content", ["", None])
def test_nor_are_files_compared_with_such_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    """Git would have all of it in memory."""
    monkeypatch.setattr(repositories, "MOST_FILES", 1000)
    app = tmp_path / "app"
    repository(app, levels=2, width=10, content=content)
    put(app, {"main.py": ""})
    assert "its commit" not in used(app)
    repository(tmp_path / "bomb", levels=4, width=10, content=content)
    put(tmp_path / "bomb", {"main.py": ""})
    assert "its commit has more than 1,000 files" in used(tmp_path / "bomb")
    # What lies beside the app's own directory does not count.
    put(tmp_path / "bomb" / "own", {"main.py": ""})
    assert "its commit" not in used(tmp_path / "bomb" / "own")


def test_a_commit_of_more_bytes_than_can_be_sent_is_not_checked_out(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readable, "MOST", 100)
    source = repository(tmp_path / "heavy", levels=1, width=2, content="x" * 60)
    assert "is too much" in used(source)


def test_a_commit_of_folders_in_folders_is_checked_out_and_removed_again(tmp_path: Path, cache: Path) -> None:
    source = repository(tmp_path / "deep", levels=0, width=0)
    made = f"commit refs/heads/deep\ncommitter x <x@x> 0 +0000\ndata 0\nM 644 inline {'d/' * 1200}x\ndata 0\n"
    git(tmp_path / "deep", "fast-import", "--quiet", stdin=made)
    found = checkout.check_out(source.model_copy(update={"ref": "deep"}), "key")
    checkout.forget(found)
    assert not found.files.exists()


def test_a_lock_with_many_hashes_makes_a_long_script(tmp_path: Path) -> None:
    package = {"version": "==1.0", "hashes": [f"sha256:{'a' * 64}"] * 50}
    put(tmp_path, {"Pipfile.lock": json.dumps({"default": {f"p{number}": package for number in range(100)}})})
    app = App(source=str(tmp_path), asgi="main:app")
    assert len(recipe(app, read_sources(app, "key")).script) > 131_072

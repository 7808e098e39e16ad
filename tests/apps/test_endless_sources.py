"""Whatever a source has where it is read by name, nothing is waited for, or read, without an end."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploys.apps.readable import MOST
from deploys.apps.reading import read_source
from deploys.apps.search import installation
from deploys.config import App
from deploys.onhost.words import QUOTE
from deploys.refusal import Refusal
from tests.apps.repositories import git, tree
from tests.patience import patience

PATIENCE = 120
"""Seconds after which something is taken to wait for ever."""

Plant = Callable[[Path], None]


def link(target: str) -> Plant:
    return lambda path: path.symlink_to(target)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST + 1)


def roundabout(path: Path) -> None:
    """Lead out of the source by links that seem to stay in it."""
    top = path.parent
    (top / "a/b/c").mkdir(parents=True)
    (top / "a/b/c/up").symlink_to("../../..")
    (top.parent / "outside").write_text("[project]\nname = 'elsewhere'\n")
    path.symlink_to("a/b/c/up/../outside")


def pipe_by_a_link(path: Path) -> None:
    os.mkfifo(path.parent / "pipe")
    path.symlink_to("pipe")


KINDS: dict[str, Plant] = {
    "a pipe": os.mkfifo,
    "a link to a pipe": pipe_by_a_link,
    "a link to a device": link("/dev/zero"),
    "a link to a terminal": link("/dev/tty"),
    "a link out of it": link("/etc/passwd"),
    "a link out of it by way of it": roundabout,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a directory": Path.mkdir,
    "more than there is memory": huge,
}
NAMES = (
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    ".git",
    ".python-version",
    "pyproject.toml",
    "uv.lock",
    "Pipfile.lock",
    "requirements.txt",
)
OF_GIT = (
    "HEAD",
    "index",
    "config",
    "packed-refs",
    "commondir",
    "info/exclude",
    "info/attributes",
    "info/grafts",
    "refs/heads/main",
    "objects/info/alternates",
    "objects/pack/pack-1.idx",
    "shallow",
)


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    """End what would wait for ever."""
    with patience(PATIENCE):
        yield


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tree(tmp_path / "app", main_DOT_py="1")
    git(root, "init", "-q", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    return root


@pytest.fixture(params=["a directory", "ignored in a repository"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "a directory":
        return tree(tmp_path / "app", main_DOT_py="1")
    root: Path = request.getfixturevalue("repository")
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/exclude").write_text("".join(f"{name}\n" for name in NAMES))
    return root


def used(root: Path) -> str:
    """Use a source as a run does, and give the words of its refusal, if it is refused."""
    try:
        found = read_source(str(root), "apps['x']['source']")
        installation(App(source=str(root), asgi="main:app"), found, found)
        found.archive()
    except Refusal as refusal:
        return str(refusal)
    return ""


def is_short(said: str) -> bool:
    """Say whether it is one line, which what git says may follow, and tells of nothing elsewhere."""
    first, *others = said.splitlines() or [""]
    quoted = all(line.startswith(QUOTE) for line in others) and (not others or first.endswith("git refuses:"))
    return len(said) < 500 and quoted and not {"elsewhere", "root:"} & {*said.split("'")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_it_comes_to_an_end(source: Path, name: str, kind: str) -> None:
    if name == ".git" and (source / ".git").is_dir():
        (source / ".git").rename(source / "former")
    KINDS[kind](source / name)
    assert is_short(used(source))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", OF_GIT)
def test_so_it_does_with_a_repository_s_own(repository: Path, name: str, kind: str) -> None:
    place = repository / ".git" / name
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    KINDS[kind](place)
    assert is_short(used(repository))


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        (".gitignore", "a pipe", "'{root}/.gitignore' is no regular file: remove it"),
        (".gitignore", "more than there is memory", "'{root}/.gitignore' has more than 1 GB: remove it"),
        ("data.bin", "more than there is memory", "'data.bin' is too much: a source may have 1 GB"),
        ("pyproject.toml", "a link to a device", "'pyproject.toml' is a link to '/dev/zero': remove it"),
        ("pyproject.toml", "a link out of it by way of it", "leads out of the source"),
    ],
)
def test_it_is_told_what_is_wrong(repository: Path, name: str, kind: str, words: str) -> None:
    KINDS[kind](repository / name)
    assert words.format(root=repository) in used(repository)


def test_what_lies_above_a_source_counts_as_well(repository: Path) -> None:
    os.mkfifo(repository / ".gitignore")
    assert "no regular file" in used(tree(repository / "below", main_DOT_py="1"))


def test_what_is_no_file_is_no_part_of_it(tmp_path: Path) -> None:
    root = tree(tmp_path / "app", main_DOT_py="1")
    os.mkfifo(root / "pyproject.toml")
    assert read_source(str(root), "key").files == ("main.py",)


def test_a_directory_to_be_included_is_looked_for_in_the_source_alone(tmp_path: Path) -> None:
    root = tree(tmp_path / "app", main_DOT_py="1")
    (root / "dist").symlink_to("/")
    with pytest.raises(Refusal, match="'dist' is"):
        read_source(str(root), "key", include=("dist",))

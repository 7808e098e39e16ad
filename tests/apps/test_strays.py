"""What lies outside a source is never sent, whatever its index, its links and its repositories name."""

import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.apps import reading
from deploys.apps.reading import read_source, read_sources
from deploys.apps.source import Source
from deploys.config import App
from deploys.config.images import Containerfile, ImageSource
from deploys.refusal import Refusal
from tests.apps.repositories import git, tree

KEPT = "what nobody is to have"
_FILE, _GITLINK = 0o100644, 0o160000

Plant = Callable[[Path], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository beside what it must not send, which is a repository itself, and has a private key."""
    for each in ("app", "secret"):
        git(tree(tmp_path / each, main_DOT_py="1"), "init", "-q")
    tree(tmp_path / "secret", id=KEPT)
    git(tmp_path / "secret", "add", ".")
    config = tmp_path / "app/.git/config"
    config.write_text(f"{config.read_text()}# {KEPT}\n")
    return tmp_path / "app"


def index(*names: str, mode: int = _FILE) -> Plant:
    """Write an index with names that git itself would not add (gitformat-index(5))."""

    def plant(root: Path) -> None:
        content = b"DIRC" + struct.pack(">II", 2, len(names))
        for name in sorted(names):
            path = name.replace("@", str(root.parent)).encode()
            entry = bytes(24) + struct.pack(">I", mode) + bytes(32) + struct.pack(">H", len(path)) + path
            content += entry + bytes(8 - len(entry) % 8)
        (root / ".git/index").write_bytes(content + hashlib.sha1(content, usedforsecurity=False).digest())

    return plant


def link_for(name: str, target: str, *, ignored: bool = True) -> Plant:
    """Put a link where a directory was when git saw it."""

    def plant(root: Path) -> None:
        tree(root, **{f"{name}/id": "1", f"{name}/main_DOT_py": "2"})
        git(root, "add", ".")
        (root / name).rename(root.parent / "former")
        (root / name).symlink_to(target)
        if ignored:
            tree(root / ".git/info", exclude=f"{name}\n")

    return plant


def nested(plant: Plant) -> Plant:
    """Plant in a repository that lies in the source."""

    def plant_nested(root: Path) -> None:
        git(tree(root / "below", main_DOT_py="1"), "init", "-q")
        plant(root / "below")

    return plant_nested


def nested_for(target: str) -> Plant:
    """Track a repository where a link to another one is."""

    def plant(root: Path) -> None:
        index("below", mode=_GITLINK)(root)
        (root / "below").symlink_to(target)

    return plant


def nested_behind_a_link(root: Path) -> None:
    index("out/secret", mode=_GITLINK)(root)
    (root / "out").symlink_to("..")


def index_and_way(root: Path) -> None:
    index("a/../../secret/id")(root)
    (root / "a").mkdir()


def another_s(root: Path) -> None:
    """Have a repository be that of what lies elsewhere."""
    (root / ".git").rename(root / "own")
    tree(root, _DOT_git="gitdir: ../../secret/.git\n")


WAYS: dict[str, Plant] = {
    "a name above it": index("../secret/id"),
    "a name above it, by way of it": index("a/../../secret/id"),
    "the same with the way there": index_and_way,
    "an absolute name": index("@/secret/id"),
    "git's own": index(".git/config"),
    "git's own, in capitals": index(".GIT/config"),
    "git's own, by way of it": index("./.git/config"),
    "no directory": index("//secret/id"),
    "a repository above it": index("../secret", mode=_GITLINK),
    "an ignored link for a directory": link_for("keys", "../secret"),
    "a link for a directory": link_for("keys", "../secret", ignored=False),
    "a link to git's own": link_for("keys", ".git"),
    "an absolute link": lambda root: link_for("keys", str(root.parent / "secret"))(root),
    "a link further up": link_for("deep/er", "../../secret"),
    "a link for a repository": nested_for("../secret"),
    "a repository behind a link": nested_behind_a_link,
    "a nested repository with a name above it": nested(index("../../secret/id")),
    "a nested repository with a link": nested(link_for("keys", "../../secret")),
    "a nested repository that is another": nested(another_s),
}


def sent(source: Source) -> bytes:
    return gzip.decompress(source.archive())


def is_kept_back(read: Callable[[], Source]) -> bool:
    """Say whether nothing is sent that is secret; a refusal is one line that says what to do."""
    try:
        source = read()
        names, content = source.files, sent(source)
    except Refusal as refusal:
        return str(refusal).startswith("key") and "\n" not in str(refusal) and ": " in str(refusal)
    strays = [name for name in names if name.startswith("/") or {"..", ".git"} & {*name.split("/")}]
    return KEPT.encode() not in content and not strays


@pytest.mark.parametrize("way", WAYS)
def test_nothing_from_outside_is_sent(root: Path, way: str) -> None:
    WAYS[way](root)
    assert is_kept_back(lambda: read_source(str(root), "key")), "what is outside was to stay there"


@pytest.mark.parametrize("way", WAYS)
def test_nor_by_way_of_what_else_is_sent(root: Path, way: str) -> None:
    WAYS[way](root)
    main = tree(root.parent / "main", main_DOT_py="1")
    app = App(source=str(main), sources={"web": str(root)}, asgi="main:app")
    assert is_kept_back(lambda: read_sources(app, "key")), "a frontend was to be read as its app is"
    tree(root, Containerfile="FROM scratch\n")
    context = ImageSource(image=Containerfile(containerfile=str(root)))
    assert is_kept_back(lambda: read_source(context, "key")), "a context was to be read as a source is"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("a name above it", "key: '../secret/id' is no name of a file in it: take it out of"),
        ("an ignored link for a directory", "key: 'keys/id' is behind the link 'keys': put a directory"),
        ("a nested repository with a link", "key: 'keys/id' is behind the link 'keys': put a directory"),
    ],
)
def test_it_is_said_which_name_leads_out(root: Path, way: str, words: str) -> None:
    WAYS[way](root)
    with pytest.raises(Refusal) as refusal:
        read_source(str(root), "key")
    assert str(refusal.value).startswith(words)


@pytest.mark.parametrize(
    "name", ["out/id", "out", ".git", ".git/config", "in", "in/id", "way/../../secret/id"]
)
def test_what_is_included_is_in_the_source(root: Path, name: str) -> None:
    (root / "out").symlink_to("../secret")
    (root / "in").symlink_to(".git")
    (root / "way").mkdir()
    with pytest.raises(Refusal, match=f"^key: '{name}' is "):
        read_source(str(root), "key", include=(name,))


@pytest.mark.parametrize("name", ["keys/id", "top/keys/id"])
@pytest.mark.parametrize("is_repository", [True, False])
def test_a_link_that_comes_after_the_look_is_not_followed(
    root: Path, name: str, *, is_repository: bool
) -> None:
    tree(root, **{name: "1"})
    if not is_repository:
        (root / ".git").rename(root.parent / "git")
    source = read_source(str(root), "key")
    assert name in source.files
    keys = (root / name).parent
    keys.rename(root.parent / "former")
    keys.symlink_to(root.parent / "secret")
    for use in (source.archive, lambda: source.text(name)):
        with pytest.raises(Refusal, match=f"behind the link '{keys.relative_to(root)}'|leads out of"):
            use()


def test_a_source_itself_may_be_named_by_a_link(root: Path) -> None:
    (root.parent / "named").symlink_to("app")
    assert read_source(str(root.parent / "named"), "key").files == ("main.py",)


def test_a_link_within_is_sent_as_a_link_and_read_as_what_it_leads_to(root: Path) -> None:
    tree(root, conf__base_DOT_txt="1")
    (root / "requirements.txt").symlink_to("conf/base.txt")
    (root / "all").symlink_to("conf")
    source = reading.read_source(str(root), "key")
    assert source.files == ("all", "conf/base.txt", "main.py", "requirements.txt")
    assert source.text("requirements.txt") == "1"

"""What comes into an app's code from elsewhere, as a frontend of its own repository does."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.checkout import commits
from deploys.apps.reading import read_sources
from deploys.apps.source import Source
from deploys.config import App
from deploys.refusal import Refusal
from tests.apps.conftest import MakeWorkshop
from tests.apps.repositories import git, tree


def commit(folder: Path, **files: str) -> str:
    """Commit files, and give the commit."""
    tree(folder, **files)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        git(folder, *command)
    return git(folder, "rev-parse", "HEAD")[:12]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    commits.clear()


def read(folder: Path, **settings: Any) -> Source:
    commits.clear()
    app = {"source": str(folder), "asgi": "main:app", **settings}
    return read_sources(App.model_validate(app), "apps['x']")


def test_the_files_of_all_sources_are_one_source(tmp_path: Path) -> None:
    api = tree(tmp_path / "api", main_DOT_py="1", web__README="2")
    head = commit(tmp_path / "ui", src__index_DOT_html="3")
    admin = tree(tmp_path / "admin", index_DOT_html="4", pyproject_DOT_toml="[project]")
    source = read(api, sources={"web/ui": {"git": str(tmp_path / "ui")}, "admin": str(admin)})
    named = ("admin/index.html", "admin/pyproject.toml", "main.py", "web/README", "web/ui/src/index.html")
    assert source.files == named
    assert source.described == f"2 files; admin: 2 files; web/ui: commit {head}, 1 files"
    assert source.text("admin/pyproject.toml") == "[project]"
    assert source.holds(str(admin / "index.html"))
    assert source.holds(str(api / "main.py"))
    assert not source.holds(str(admin / "main.py"))
    with tarfile.open(fileobj=io.BytesIO(source.archive())) as tar:
        assert tuple(tar.getnames()) == named
    assert source.below("admin").files == ("index.html", "pyproject.toml")
    assert source.below("admin").text("pyproject.toml") == "[project]"
    assert source.below("web").files == ("README", "ui/src/index.html")
    assert source.below("web").text("ui/src/index.html") == "3"
    assert source.below("web/ui/src").text("index.html") == "3"


def test_the_digest_is_of_all_sources(tmp_path: Path) -> None:
    api, ui = tree(tmp_path / "api", main_DOT_py="1"), tree(tmp_path / "ui", index_DOT_html="2")
    alone, first = read(api).digest, read(api, sources={"ui": str(ui)}).digest
    moved = read(api, sources={"web": str(ui)}).digest
    tree(ui, index_DOT_html="3")
    assert len({alone, first, moved, read(api, sources={"ui": str(ui)}).digest}) == 4
    tree(ui, index_DOT_html="2")
    assert read(api, sources={"ui": str(ui)}).digest == first


def test_what_git_ignores_comes_along_by_its_name_in_the_code(tmp_path: Path) -> None:
    api = tree(tmp_path / "api", main_DOT_py="1", _DOT_gitignore="built\n", built="2")
    ui = tree(tmp_path / "ui", package_DOT_json="{}", _DOT_gitignore="dist\n", dist__index_DOT_html="3")
    commit(api)
    commit(ui)
    source = read(api, sources={"ui": str(ui)}, include=["built", "ui/dist"])
    assert {"built", "main.py", "ui/package.json", "ui/dist/index.html"} <= set(source.files)
    assert "ui/dist/index.html" not in read(api, sources={"ui": str(ui)}).files


def test_what_git_ignores_at_another_s_place_is_no_file_of_a_release(tmp_path: Path) -> None:
    """Or a secret there would be refused, of which nothing is sent."""
    api = tree(tmp_path / "api", main_DOT_py="1", _DOT_gitignore="ui\n", ui__key="secret", ui__own="x")
    commit(api)
    ui = tree(tmp_path / "ui", key="2")
    source = read(api, sources={"ui": str(ui)})
    assert source.text("ui/key") == "2"
    assert source.holds(str(ui / "key"))
    assert not source.holds(str(api / "ui" / "key"))
    assert not source.holds(str(api / "ui" / "own"))


def test_only_the_source_itself_is_asked_for_the_lock_of_a_workspace(tmp_path: Path) -> None:
    """The others bring files, and nothing is installed for them."""
    workspace = '[tool.uv.workspace]\nmembers = ["*"]'
    tree(tmp_path, pyproject_DOT_toml=workspace, uv_DOT_lock="")
    ui = tree(tmp_path / "ui", pyproject_DOT_toml='[project]\nname = "ui"')
    api = tree(tmp_path / "api", main_DOT_py="1")
    assert "ui/pyproject.toml" in read(api, sources={"ui": str(ui)}).files
    with pytest.raises(Refusal, match=r"apps\['x'\]\['source'\]: 'ui' is a member of a workspace"):
        read(ui, sources={"api": str(api)})


def test_a_member_in_a_repository_is_refused_as_one_in_a_directory_is(tmp_path: Path) -> None:
    workspace = '[tool.uv.workspace]\nmembers = ["ui"]'
    member = '[project]\nname = "ui"'
    commit(tmp_path / "all", pyproject_DOT_toml=workspace, uv_DOT_lock="", ui__pyproject_DOT_toml=member)
    setting = {"git": str(tmp_path / "all"), "directory": "ui"}
    with pytest.raises(Refusal, match=r"\['source'\]: 'ui' is a member of a workspace"):
        read_sources(App.model_validate({"source": setting, "asgi": "main:app"}), "apps['x']")


@pytest.mark.parametrize(
    ("files", "sources", "words"),
    [
        ({"ui__a": ""}, {"ui": "there"}, r"\['ui'\]: 'ui/a' is in the source itself: write another"),
        ({"ui": ""}, {"ui": "there"}, r"\['ui'\]: 'ui' is in the source itself"),
        ({"web": ""}, {"web/ui": "there"}, r"\['web/ui'\]: 'web' is in the source itself"),
        ({}, {"ui": "nowhere"}, r"\['ui'\]: '.*nowhere': .*write the path of a directory"),
        ({}, {"ui": "empty"}, r"\['ui'\]: '.*empty': there are no files in it"),
        (
            {},
            {"ui": {"git": "nowhere"}},
            r"\['ui'\]\['git'\]: '.*nowhere': there is no such directory: write",
        ),
        ({}, {"ui": {"git": "ther"}}, r".*no such directory: did you mean '.*there'\? write the path of a"),
        ({}, {"ui": {"git": "empty"}}, r"\['ui'\]\['git'\]: '.*empty': there is no git repository in it"),
        ({}, {"ui": {"git": "there", "ref": "no"}}, r"\['ui'\]\['ref'\]: 'no': write a branch"),
        ({}, {"ui": {"git": "there", "key": "no-key"}}, r"\['ui'\]\['key'\]: 'no-key': no such file"),
        ({}, {"ui": {"git": "there", "directory": "no"}}, r"\['ui'\]\['directory'\]: 'no': write a dir"),
    ],
)
def test_a_source_that_cannot_be_had_is_refused_by_name(
    tmp_path: Path, files: dict[str, str], sources: dict[str, Any], words: str
) -> None:
    api = tree(tmp_path / "api", main_DOT_py="1", **files)
    commit(tmp_path / "there", index_DOT_html="2")
    (tmp_path / "empty").mkdir()
    placed = {
        place: {**setting, "git": str(tmp_path / setting["git"])}
        if isinstance(setting, dict)
        else str(tmp_path / setting)
        for place, setting in sources.items()
    }
    with pytest.raises(Refusal, match=rf"apps\['x'\]\['sources'\]{words}"):
        read(api, sources=placed)


def test_a_link_of_another_source_may_not_lead_out_of_it(tmp_path: Path) -> None:
    api, ui = tree(tmp_path / "api", main_DOT_py="1"), tree(tmp_path / "ui", a="2")
    (ui / "link").symlink_to("../main.py")
    with pytest.raises(Refusal, match=r"\['ui'\]: 'link' is a link to '\.\./main\.py': remove it"):
        read(api, sources={"ui": str(ui)})


BUILDS_IT = "sh -c 'cp frontend/src/word.txt built.txt'"
"""Stands for what a frontend's own tools make of it."""


@pytest.mark.lab
@pytest.mark.slow
def test_a_frontend_of_a_repository_of_its_own(make_workshop: MakeWorkshop, tmp_path: Path) -> None:
    ui = tmp_path / "ui"
    head = commit(ui, src__word_DOT_txt="first")
    frontend = {"git": str(ui), "ref": "HEAD"}
    workshop = make_workshop("sources", sources={"frontend": frontend}, build=[BUILDS_IT], keep=2)
    workshop.says("reads", "\nWORDS = open('built.txt').read()\n")
    dry = workshop.deploy("--dry").check()
    assert f"frontend: commit {head}, 1 files" in dry.output
    workshop.deploy().check()
    assert workshop.answer()["words"] == "first"
    assert workshop.deploy().check().changed == []
    for word in ("other", "third"):
        commit(ui, src__word_DOT_txt=word)
        workshop.deploy().check()
        assert workshop.answer()["words"] == word
    assert workshop.releases() == ["2", "3"]
    workshop.deploy(deploy="deploys/rollback.py").check()
    assert workshop.answer()["words"] == "other"
    run = workshop.deploy(sources={"frontend": {**frontend, "ref": "no-such-branch"}})
    assert run.code != 0
    assert "apps['sources']['sources']['frontend']['ref']: 'no-such-branch': write a branch" in run.output
    assert workshop.answer()["words"] == "other"

"""The versions of projects that take theirs from git."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploys.apps.source import Source
from deploys.apps.versions import sync, versions


def source(folder: Path, commit: str | None = None, **files: str) -> Source:
    for name, content in files.items():
        path = folder / name.replace("__", "/") / "pyproject.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("latin-1"))
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("pyproject.toml"))
    return Source(folder, tuple(found), commit)


@pytest.mark.parametrize(
    ("commit", "version"),
    [(None, "0"), ("0123456789ab", "0+g0123456789ab"), ("0123456789ab+", "0+g0123456789ab.changed")],
)
def test_a_version_is_the_commit_s(tmp_path: Path, commit: str | None, version: str) -> None:
    assert set(versions(source(tmp_path, commit)).values()) == {version}


def test_setuptools_scm_is_told_the_versions_of_the_source_s_own_projects_alone(tmp_path: Path) -> None:
    found = versions(
        source(
            tmp_path,
            shop='[project]\nname = "The.web-_Shop"\n',
            libraries__common='[project]\nname = "common"\n',
            template='[project]\nname = "{{ name }}\n',
            odd="project = 1\n",
            binary="\xe9",
            tool="[tool.ruff]\n",
        )
    )
    assert sorted(name for name in found if name.startswith("SETUPTOOLS_SCM")) == [
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_COMMON",
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_THE_WEB_SHOP",
    ]


def test_a_file_of_that_name_that_is_none_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("nowhere")
    assert "SETUPTOOLS_SCM" not in str(versions(Source(tmp_path, ("pyproject.toml",), None)))


def test_hatch_vcs_is_told_the_version_once_the_dependencies_are_there(tmp_path: Path) -> None:
    assert sync("uv sync", source(tmp_path, shop='requires = ["hatchling"]')) == ["uv sync"]
    unlocked = source(tmp_path, shop='requires = ["hatchling", "hatch-vcs"]')
    told = 'SETUPTOOLS_SCM_PRETEND_VERSION="$PDM_BUILD_SCM_VERSION" uv sync'
    assert sync("uv sync", unlocked) == [told]
    locked = replace(unlocked, files=(*unlocked.files, "uv.lock"))
    assert sync("uv sync", locked) == ["uv sync --no-install-workspace", told]


def test_setuptools_scm_is_told_the_version_of_a_project_that_is_described_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = web.shop\n[options]\n")
    (tmp_path / "setup.py").write_text(
        'from setuptools import setup\nsetup(name="cellar", use_scm_version=True)\n'
    )
    (tmp_path / "other").mkdir()
    (tmp_path / "other/setup.cfg").write_text("name = of nothing\n")
    found = versions(Source(tmp_path, ("setup.cfg", "setup.py", "other/setup.cfg"), None))
    assert sorted(name for name in found if name.startswith("SETUPTOOLS_SCM")) == [
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_CELLAR",
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_WEB_SHOP",
    ]

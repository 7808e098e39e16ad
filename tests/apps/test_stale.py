"""A lock that does not know what its project asks for is refused."""

from pathlib import Path
from typing import Any

import pytest

from deploys.refusal import Refusal
from tests.apps.sources import app, script, written

UV_LOCK = """
version = 1
requires-python = ">=3.11"
[[package]]
name = "idna"
version = "3.7"
[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "idna" }]
[package.optional-dependencies]
pg = [{ name = "psycopg" }]
[package.metadata]
requires-dist = [
    { name = "idna" },
    { name = "tomli-w", marker = "python_full_version < '3.11'" },
    { name = "psycopg", marker = "extra == 'pg'" },
]
[package.metadata.requires-dev]
live = [{ name = "sniffio" }]
"""
PROJECT = """
[project]
name = "shop"
version = "1"
dependencies = [ASKED]
[project.optional-dependencies]
pg = ["psycopg"]
web = ["starlette"]
[dependency-groups]
live = ["sniffio"]
other = ["h11"]
"""
PIPFILE_LOCK = '{"default": {"idna": {"version": "==3.7"}}, "develop": {"pytest": {"version": "==8"}}}'
OF_POETRY = """
[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.11"
idna = "^3"
tomli = { version = "2", python = "<3.11" }
colorama = { version = "0.4", markers = "sys_platform == 'win32'" }
psycopg = { version = "3", optional = true }
numpy = [{ version = "1", python = "<3.9" }]
MORE
[tool.poetry.group.live.dependencies]
sniffio = "*"
"""
FOREIGN_LOCK = '[[package]]\nname = "idna"\nversion = "3.7"\n'


def _of_poetry(more: str = "") -> dict[str, str]:
    return {"pyproject.toml": OF_POETRY.replace("MORE", more), "poetry.lock": FOREIGN_LOCK}


def _of_pdm(asked: str) -> dict[str, str]:
    return {"pyproject.toml": PROJECT.replace("ASKED", asked), "pdm.lock": FOREIGN_LOCK}


def _of_uv(asked: str) -> dict[str, str]:
    return {"pyproject.toml": PROJECT.replace("ASKED", asked), "uv.lock": UV_LOCK}


def _of_pipenv(asked: str) -> dict[str, str]:
    return {"Pipfile": f"[packages]\n{asked}\n[dev-packages]\nmypy = '*'\n", "Pipfile.lock": PIPFILE_LOCK}


@pytest.mark.parametrize(
    ("files", "chosen", "missing"),
    [
        (_of_uv('"idna"'), {}, None),
        (_of_uv('"Idna >=3", "tomli_w; python_version < \'3.11\'"'), {}, None),
        (_of_uv('"idna"'), {"extras": ["pg"], "groups": ["live"]}, None),
        (_of_uv('"idna", "h11[x]>=0.1"'), {}, "'h11' in pyproject.toml, and not in uv.lock: run `uv lock`"),
        (_of_uv('"idna"'), {"extras": ["web"]}, "'starlette' in pyproject.toml"),
        (_of_uv('"idna"'), {"groups": ["other"]}, "'h11' in pyproject.toml"),
        (_of_pipenv("Idna = '*'"), {}, None),
        (_of_pipenv("idna = '*'\nlib = {path = 'lib'}"), {}, None),
        (
            _of_pipenv("idna = '*'\nh11 = '*'"),
            {},
            "'h11' in Pipfile, and not in Pipfile.lock: run `pipenv lock`",
        ),
        (
            _of_pipenv("h11 = {version = '*', extras = ['x']}"),
            {},
            "'h11' in Pipfile, and not in Pipfile.lock",
        ),
        (_of_poetry(), {}, None),
        (_of_poetry('h11 = "*"'), {}, "'h11' in pyproject.toml, and not in poetry.lock: run `poetry lock`"),
        (_of_poetry('h11 = { git = "https://example.com/h11.git" }'), {}, "'h11' in pyproject.toml"),
        (_of_poetry(), {"groups": ["live"]}, "'sniffio' in pyproject.toml"),
        (_of_pdm('"Idna>=3", "tomli; python_version < \'3.11\'"'), {}, None),
        (_of_pdm('"idna", "h11[x]"'), {}, "'h11' in pyproject.toml, and not in pdm.lock: run `pdm lock`"),
        (_of_pdm('"idna"'), {"groups": ["other"]}, "'h11' in pyproject.toml"),
        (_of_pdm('"idna"'), {"extras": ["web"]}, "'starlette' in pyproject.toml"),
    ],
)
def test_what_a_lock_does_not_know_is_told(
    tmp_path: Path, files: dict[str, str], chosen: dict[str, Any], missing: str | None
) -> None:
    settings = app(written(tmp_path, files), dependencies=chosen)
    if missing is None:
        assert script(settings)
        return
    with pytest.raises(Refusal) as refused:
        script(settings)
    assert f"found {missing}" in str(refused.value)


def test_a_member_is_held_against_the_lock_of_its_workspace(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["shop"]\n',
        "uv.lock": UV_LOCK,
        "shop/pyproject.toml": PROJECT.replace("ASKED", '"h11"'),
    }
    with pytest.raises(Refusal, match=r"found 'h11' in pyproject.toml, and not in ../uv.lock: run `uv lock`"):
        script(app(written(tmp_path, files), working_directory="shop"))

"""An app in a directory of its source, and what says above that directory what it needs."""

from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import recipe
from deploys.apps.reading import read_source
from deploys.refusal import Refusal
from tests.apps.sources import CHOOSABLE, LOCKED, PROJECT, REQUIRED, VENV, app, made_of, script, written

MODULE = {"backend/shop.py": ""}
WORKSPACE = {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["back*"]\n', "uv.lock": ""}
MEMBER = {"backend/pyproject.toml": PROJECT["pyproject.toml"]}
BACK = 'cd "$OLDPWD"'
ABOVE: list[tuple[dict[str, str], dict[str, Any], list[str], str]] = [
    ({"requirements.txt": "idna"}, {}, [VENV, REQUIRED, "cd backend"], "what ../requirements.txt says"),
    (
        LOCKED | {"backend/pyproject.toml": "[tool.ruff]\n"},
        {},
        [VENV, "uv sync --quiet --frozen --no-dev", "cd backend"],
        "what ../uv.lock says",
    ),
    (
        {"requirements.txt": "idna", "backend/deep/requirements.txt": "h11"},
        {"working_directory": "backend/deep/er"},
        ["cd backend/deep", VENV, REQUIRED, BACK, "cd backend/deep/er"],
        "what ../requirements.txt says",
    ),
    (
        {"requirements.txt": "idna", "backend/requirements.txt": "h11"},
        {},
        ["cd backend", VENV, REQUIRED],
        "what requirements.txt says",
    ),
    (
        {"requirements/live.txt": "idna", "backend/requirements.txt": "h11"},
        {"dependencies": {"listed_in": "requirements/live.txt"}},
        [VENV, "uv pip install --quiet --requirements requirements/live.txt", "cd backend"],
        "what ../requirements/live.txt says",
    ),
    (
        {"pyproject.toml": CHOOSABLE["pyproject.toml"] + "[build-system]\n"},
        {"dependencies": {"extras": ["pg"]}},
        [VENV, "uv pip install --quiet --editable '.[pg]'", "cd backend"],
        "what ../pyproject.toml says, and the project from its source",
    ),
    (
        {"requirements.txt": "idna", "backend/.python-version": "3.12", ".python-version": "3.11"},
        {},
        [made_of("3.12", "backend/.python-version"), REQUIRED],
        "what ../requirements.txt says",
    ),
    (
        {"requirements.txt": "idna", "backend/requirements-dev.txt": "pytest"},
        {},
        [VENV, REQUIRED],
        "what ../requirements.txt says",
    ),
    ({"README": ""}, {}, ["cd backend", VENV], "nothing but uvicorn, as no file says what"),
    (
        WORKSPACE | MEMBER,
        {},
        ["cd backend", VENV, "uv sync --quiet --frozen --no-dev"],
        "what ../uv.lock says",
    ),
    (
        WORKSPACE | {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["other"]\n'} | MEMBER,
        {},
        ["cd backend", VENV, "uv pip install --quiet --requirements pyproject.toml"],
        "what pyproject.toml says",
    ),
]


@pytest.mark.parametrize(("files", "settings", "lines", "words"), ABOVE)
def test_the_nearest_file_counts(
    tmp_path: Path, files: dict[str, str], settings: dict[str, Any], lines: list[str], words: str
) -> None:
    directory = settings.get("working_directory", "backend")
    chosen = {"working_directory": directory} | settings
    found = app(written(tmp_path, files | {f"{directory}/shop.py": ""}), **chosen)
    assert script(found)[: len(lines)] == lines
    assert recipe(found, read_source(found.source, "source")).installs == words


def test_commands_run_in_the_app_s_own_directory(tmp_path: Path) -> None:
    files = MODULE | {"requirements.txt": "-e ./lib", "lib/setup.py": ""}
    lines = script(app(written(tmp_path, files), working_directory="backend", build=["true"]))
    assert lines.index("cd backend") < lines.index("true") < lines.index(BACK)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"environment.yml": ""}, r"found environment\.yml: conda is not there"),
        ({"requirements-live.txt": "idna"}, r"found requirements-live\.txt, which is not looked for"),
        ({"requirements-dev.txt": "idna"}, r"found requirements-dev\.txt: write requirements\.txt"),
        ({"requirements.txt": "-e ./lib"}, r"/requirements\.txt: './lib' is not in the source"),
        ({"backend/Pipfile": "", "requirements.txt": "idna"}, r"/backend: found Pipfile: run `pipenv lock`"),
    ],
)
def test_what_cannot_be_installed_from_above_is_refused(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        script(app(written(tmp_path, MODULE | files), working_directory="backend"))


def test_a_list_that_no_directory_has_is_refused(tmp_path: Path) -> None:
    settings = {"working_directory": "backend", "dependencies": {"listed_in": "live.txt"}}
    with pytest.raises(Refusal, match=r"/backend: found nothing to install in live\.txt"):
        script(app(written(tmp_path, MODULE | {"requirements.txt": "idna"}), **settings))

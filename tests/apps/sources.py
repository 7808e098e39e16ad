"""Directories that are sources, and the script by which each is installed."""

from pathlib import Path
from typing import Any

from deploys.apps.build import recipe
from deploys.apps.installation import make_environment
from deploys.apps.pythons import Wanted
from deploys.apps.reading import read_source
from deploys.config import App

PROJECT = {"pyproject.toml": '[project]\nname = "shop"\n'}
CHOICES = "[project.optional-dependencies]\npg = []\nredis = []\n[dependency-groups]\nprod = []\n"
CHOOSABLE = {"pyproject.toml": PROJECT["pyproject.toml"] + CHOICES}
FOR_UV = {"pyproject.toml": PROJECT["pyproject.toml"] + "[tool.uv]\n"}
LOCKED = PROJECT | {"uv.lock": ""}
REQUIREMENTS = {"requirements.txt": "", "pyproject.toml": "[tool.ruff]\n"}
VENV = 'uv venv --quiet "$VIRTUAL_ENV"'
REQUIRED = "uv pip install --quiet --requirements requirements.txt"
_CHOICES_OF_POETRY = "extras = {pg = []}\n[tool.poetry.group.prod.dependencies]\n"
OF_POETRY = (
    f'[tool.poetry]\nname = "shop"\n{_CHOICES_OF_POETRY}'
    '[tool.poetry.dependencies]\nidna = {version = "*", python = ">=3"}\n'
)
POETRY = {"pyproject.toml": OF_POETRY + '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'}
NO_PACKAGE = {
    "pyproject.toml": f"[tool.poetry]\npackage-mode = false\n{_CHOICES_OF_POETRY}[tool.poetry.dependencies]\n"
}
POETRY_LOCK = """
[[package]]
name = "fastapi"
version = "0.115.0"
[[package]]
name = "h11"
version = "0.16.0"
[[package]]
name = "numpy"
version = "1.26.4"
[[package]]
name = "numpy"
version = "2.1.0"
[[package]]
name = "own"
version = "1"
[package.source]
type = "git"
url = "https://example.com/own.git"
[[package]]
name = "$(touch x)"
version = "1"
"""


def made_of(request: str, by: str) -> str:
    return make_environment(Wanted(request, by))


def app(source: Any, **settings: Any) -> App:
    return App.model_validate({"source": source, "asgi": "shop:app"} | settings)


def script(settings: App) -> list[str]:
    return recipe(settings, read_source(settings.source, "source")).script.splitlines()


def written(folder: Path, files: dict[str, str]) -> str:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return str(folder)

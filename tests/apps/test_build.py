"""How each kind of source is installed."""

from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import recipe
from deploys.apps.source import NOTHING, read_source
from deploys.config import App
from deploys.refusal import Refusal

PROJECT = {"pyproject.toml": '[project]\nname = "shop"\n'}
LOCKED = PROJECT | {"uv.lock": ""}
REQUIREMENTS = {"requirements.txt": "", "pyproject.toml": "[tool.ruff]\n"}
VENV = 'uv venv --quiet "$VIRTUAL_ENV"'

SCRIPTS: list[tuple[dict[str, str], dict[str, Any], list[str]]] = [
    (LOCKED, {}, ["uv sync --quiet --frozen --no-dev --no-editable"]),
    (PROJECT, {}, ["uv sync --quiet --no-dev --no-editable"]),
    (
        {"pyproject.toml": "[tool.uv.workspace]\nmembers = []\n"},
        {"dependencies": {"package": "shop"}},
        ["uv sync --quiet --no-dev --package shop --no-editable"],
    ),
    (
        LOCKED,
        {"python": "3.12", "dependencies": {"extras": ["pg", "redis"], "groups": ["dev", "prod"]}},
        [
            "uv sync --quiet --frozen --extra pg --extra redis --group dev --group prod"
            " --no-editable --python 3.12"
        ],
    ),
    (
        LOCKED,
        {"dependencies": {"package": "web.shop"}},
        ["uv sync --quiet --frozen --no-dev --package web.shop --no-editable"],
    ),
    (REQUIREMENTS, {}, [VENV, "uv pip install --quiet --requirements requirements.txt"]),
    ({"main.py": ""}, {}, [VENV]),
]


def app(source: Any, **settings: Any) -> App:
    return App.model_validate({"source": source, "asgi": "shop:app"} | settings)


def script(settings: App) -> list[str]:
    return recipe(settings, read_source(settings.source, "source")).script.splitlines()


def written(folder: Path, files: dict[str, str]) -> str:
    for name, content in files.items():
        (folder / name).write_text(content)
    return str(folder)


@pytest.mark.parametrize(("files", "settings", "lines"), SCRIPTS)
def test_a_directory(
    tmp_path: Path, files: dict[str, str], settings: dict[str, Any], lines: list[str]
) -> None:
    assert script(app(written(tmp_path, files), **settings))[: len(lines)] == lines


def test_a_wheel_s_extras(tmp_path: Path) -> None:
    (tmp_path / "shop-1-py3-none-any.whl").touch()
    wheel = {"wheel": str(tmp_path / "shop-1-py3-none-any.whl")}
    assert script(app(wheel))[1] == "uv pip install --quiet ./shop-1-py3-none-any.whl"
    extras = script(app(wheel, dependencies={"extras": ["pg", "redis"]}))
    assert extras[1] == "uv pip install --quiet './shop-1-py3-none-any.whl[pg,redis]'"


@pytest.mark.parametrize("files", [REQUIREMENTS, {"main.py": ""}])
def test_dependencies_without_a_project_are_refused(tmp_path: Path, files: dict[str, str]) -> None:
    settings = app(written(tmp_path, files), dependencies={"extras": ["pg"]})
    with pytest.raises(Refusal, match=r"there is no project in its pyproject\.toml: remove dependencies"):
        script(settings)
    assert recipe(settings, NOTHING).script  # to go back, nothing is built


def test_a_server_of_the_app_s_own_is_not_looked_for_among_its_files(tmp_path: Path) -> None:
    lines = script(app(written(tmp_path, PROJECT), server="gunicorn"))
    assert [line for line in lines if "find_spec('gunicorn')" in line and '/bin/python" -I -c ' in line]

"""Which Python a project's own files ask for."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.pythons import Wanted, wanted_python
from deploys.apps.reading import read_source
from deploys.config import App
from deploys.refusal import Refusal


def wanted(folder: Path, files: dict[str, str], **settings: Any) -> Wanted | None:
    for name, content in {"main.py": "", **files}.items():
        (folder / name).write_text(content)
    app = App.model_validate({"source": str(folder), "asgi": "main:app", **settings})
    return wanted_python(app, read_source(app.source, "source"))


def project(specifiers: str) -> str:
    return f'[project]\nname = "shop"\nrequires-python = "{specifiers}"\n'


def poetry(constraint: str) -> str:
    return f'[tool.poetry.dependencies]\npython = "{constraint}"\n'


@pytest.mark.parametrize(
    ("files", "request_", "by"),
    [
        ({".python-version": "3.12\n"}, "3.12", ".python-version"),
        ({".python-version": "# ours\n\n3.12.4\n3.11\n"}, "3.12.4", ".python-version"),
        ({".python-version": "cpython-3.12"}, "3.12", ".python-version"),
        ({".python-version": "3.12", "pyproject.toml": project(">=3.11")}, "3.12", ".python-version"),
        ({".python-version": "", "pyproject.toml": project(">=3.11")}, ">=3.11", "pyproject.toml"),
        ({"pyproject.toml": project(">=3.11, <3.13")}, ">=3.11,<3.13", "pyproject.toml"),
        ({"pyproject.toml": project("==3.11.*")}, "==3.11.*", "pyproject.toml"),
        ({"pyproject.toml": project("~=3.11")}, "~=3.11", "pyproject.toml"),
        ({"pyproject.toml": poetry("^3.11")}, ">=3.11,<4", "pyproject.toml"),
        ({"pyproject.toml": poetry("^3.11.2")}, ">=3.11,<4", "pyproject.toml"),
        ({"pyproject.toml": poetry("~3.11")}, ">=3.11,<3.12", "pyproject.toml"),
        ({"pyproject.toml": poetry("3.11.*")}, "3.11", "pyproject.toml"),
        ({"pyproject.toml": poetry(">=3.10,<4.0")}, ">=3.10,<4.0", "pyproject.toml"),
        ({"pyproject.toml": poetry("*")}, None, ""),
        (
            {"Pipfile.lock": json.dumps({"_meta": {"requires": {"python_version": "3.12"}}})},
            "3.12",
            "Pipfile.lock",
        ),
        ({"Pipfile.lock": "{"}, None, ""),
        ({"setup.cfg": "[options]\npython_requires = >=3.12\n"}, ">=3.12", "setup.cfg"),
        ({"setup.cfg": "[metadata]\n"}, None, ""),
        ({"pyproject.toml": project("$(touch /tmp/x)")}, None, ""),
        ({}, None, ""),
    ],
)
def test_the_first_file_that_names_one_counts(
    tmp_path: Path, files: dict[str, str], request_: str | None, by: str
) -> None:
    assert wanted(tmp_path, files) == (Wanted(request_, by) if request_ else None)


def test_the_setting_comes_before_every_file(tmp_path: Path) -> None:
    found = wanted(tmp_path, {".python-version": "3.12\n"}, python="3.11")
    assert found == Wanted("3.11", "the setting python")


@pytest.mark.parametrize("word", ["shop-env", "pypy3.10", "2.7", "3.12; rm -rf /", "system"])
def test_a_word_that_is_no_version_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(Refusal, match=r"\.python-version: '.+' is no version of CPython 3: set python = "):
        wanted(tmp_path, {".python-version": word})
    assert wanted(tmp_path, {}, python="3.12") == Wanted("3.12", "the setting python")

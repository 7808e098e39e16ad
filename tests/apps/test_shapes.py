"""Projects of every kind are installed as they say on a real server, without what is for tests."""

import json

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import APP

pytestmark = pytest.mark.lab

READS_BESIDE = (
    "import idna, importlib.util as u\nWORDS = [idna.__version__, u.find_spec('sniffio') is None]\n"
)
MAIN = {"shop/__init__.py": "", "shop/main.py": APP + READS_BESIDE}
BACKEND = '[build-system]\nrequires = ["poetry-core>=2,<3"]\nbuild-backend = "poetry.core.masonry.api"\n'
POETRY = f"""
[tool.poetry]
name = "shop"
version = "1"
description = ""
authors = []
packages = [{{include = "shop"}}]
[tool.poetry.dependencies]
python = ">=3.9"
idna = ">=3"
[tool.poetry.group.dev.dependencies]
sniffio = "*"
{BACKEND}"""
LOCK = '[[package]]\nname = "idna"\nversion = "3.7"\n[[package]]\nname = "sniffio"\nversion = "1.3.1"\n'
PIPENV = {"default": {"idna": {"version": "==3.7"}}, "develop": {"sniffio": {"version": "==1.3.1"}}}
SETUP = """
from setuptools import setup
setup(name="shop", version="1", packages=["shop"], install_requires=["idna==3.7"])
"""
SETTINGS = (
    "[metadata]\nname = shop\nversion = 1\n[options]\npackages = find:\ninstall_requires = idna==3.7\n"
    "[options.extras_require]\ntest = sniffio\n"
)
SHAPES: dict[str, dict[str, str]] = {
    "poetry and its lock": {"pyproject.toml": POETRY, "poetry.lock": LOCK},
    "poetry without a lock": {"pyproject.toml": POETRY.replace('">=3"', '"3.7"')},
    "poetry without a build backend, by its lock": {
        "pyproject.toml": POETRY.replace(BACKEND, ""),
        "poetry.lock": LOCK,
    },
    "pdm and its lock": {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["idna>=3"]\n'
        '[dependency-groups]\ndev = ["sniffio"]\n',
        "pdm.lock": LOCK,
    },
    "pipenv and its lock": {"Pipfile": "", "Pipfile.lock": json.dumps(PIPENV)},
    "setup.py": {"setup.py": SETUP},
    "setup.cfg": {
        "setup.cfg": SETTINGS,
        "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n',
    },
    "requirements/production.txt": {
        "requirements/base.txt": "idna==3.7\n",
        "requirements/production.txt": "-r base.txt\n",
        "requirements/dev.txt": "-r base.txt\nsniffio\n",
    },
}


@pytest.mark.parametrize(
    "shape",
    [pytest.param(shape, marks=[] if "and its lock" in shape else [pytest.mark.slow]) for shape in SHAPES],
)
def test_a_project(make_workshop: MakeWorkshop, shape: str) -> None:
    workshop = make_workshop("shapes")
    for name, content in (MAIN | SHAPES[shape]).items():
        (workshop.folder / name).parent.mkdir(exist_ok=True)
        (workshop.folder / name).write_text(content)
    workshop.deploy().check()
    assert workshop.answer()["words"] == ["3.7", True]
    assert workshop.deploy().check().changed == []

"""What people write down their dependencies with."""

import json

from tests.apps_of_others.shape import Shape

_MAIN = """
import idna

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"WORD, and idna {idna.__version__}".encode()})
"""
_CODE = {"shop/__init__.py": "", "shop/main.py": _MAIN}
_SETTINGS = {"asgi": "shop.main:app"}
_LOCK = '[[package]]\nname = "idna"\nversion = "3.7"\n'
_POETRY = """
[tool.poetry]
name = "shop"
version = "1"
description = ""
authors = []
packages = [{include = "shop"}]
[tool.poetry.dependencies]
python = "^3.9"
idna = "^3"
[tool.poetry.group.dev.dependencies]
pytest = "*"
[build-system]
requires = ["poetry-core>=2,<3"]
build-backend = "poetry.core.masonry.api"
"""
_NO_PACKAGE = """
[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
python = "^3.9"
idna = {version = "^3", python = ">=3.9"}
h11 = {version = "*", optional = true}
[tool.poetry.group.live.dependencies]
sniffio = "~1.3"
"""
_PDM = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
dependencies = ["idna>=3"]
[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"
"""
_PIPENV = {"_meta": {"requires": {}}, "default": {"idna": {"version": "==3.7"}}, "develop": {}}
_SETUP = """
from setuptools import find_packages, setup
setup(name="shop", version="1", packages=find_packages("src"), package_dir={"": "src"},
    install_requires=["idna"])
"""


def _shape(files: dict[str, str], **settings: object) -> Shape:
    return Shape(_CODE | files, {**_SETTINGS, **settings})


SHAPES = {
    "requirements": _shape({"requirements.txt": "idna==3.7\n"}),
    "requirements-folder": _shape(
        {"requirements/base.txt": "idna==3.7\n", "requirements/prod.txt": "-r base.txt\nh11\n"}
    ),
    "poetry": _shape({"pyproject.toml": _POETRY, "poetry.lock": _LOCK}),
    "poetry-no-package": _shape(
        {"pyproject.toml": _NO_PACKAGE, "poetry.lock": _LOCK}, dependencies={"groups": ["live"]}
    ),
    "pdm": _shape({"pyproject.toml": _PDM, "pdm.lock": _LOCK}),
    "pipenv": _shape({"Pipfile": "", "Pipfile.lock": json.dumps(_PIPENV)}),
    "setup-py": Shape(
        {"setup.py": _SETUP, "src/shop/__init__.py": "", "src/shop/main.py": _MAIN}, {**_SETTINGS}
    ),
    "uv": _shape(
        {
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\n'
            'dependencies = ["idna"]\n'
        },
        server="gunicorn-uvicorn",
    ),
}

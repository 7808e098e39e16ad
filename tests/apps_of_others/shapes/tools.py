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
_IDNA = "82fee1fc78add43492d3a1898bfa6d8a904cc97d8427f683ed8e798d07761aa0"
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
_BACKEND = '[build-system]\nrequires = ["poetry-core>=2,<3"]\nbuild-backend = "poetry.core.masonry.api"\n'
_NO_PACKAGE_OF_A_PROJECT = 'dependencies = ["idna (>=3,<4)"]\n[tool.poetry]\npackage-mode = false\n'
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
_HATCH = """
[project]
name = "shop"
dynamic = ["version"]
requires-python = ">=3.9"
dependencies = ["idna"]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.version]
path = "shop/about.py"
[tool.hatch.envs.default]
dependencies = ["pytest"]
[tool.pixi.workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]
"""
_VERSION_OF_GIT = """
[project]
name = "shop"
dynamic = ["version"]
dependencies = ["idna"]
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[tool.hatch.version]
source = "vcs"
[tool.hatch.build.hooks.vcs]
version-file = "shop/_version.py"
"""
_PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\n'
_SCM = """
[build-system]
requires = ["setuptools>=77", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"
[tool.setuptools_scm]
"""
_SETUP_CFG = "[metadata]\nname = shop\n[options]\npackages = shop\ninstall_requires = idna\n"
_EXTRAS = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
[project.optional-dependencies]
production = ["idna"]
development = ["no-such-package-anywhere"]
[dependency-groups]
live = ["sniffio"]
"""
_LIBRARY = """
[project]
name = "library"
version = "1"
dependencies = ["idna"]
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
"""
_MEMBER = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
dependencies = ["library"]
[tool.uv.sources]
library = SOURCE
"""
_POETRY_BESIDE = """
[tool.poetry]
name = "shop"
version = "1"
description = ""
authors = []
packages = [{include = "shop"}]
[tool.poetry.dependencies]
python = "^3.9"
library = {path = "../library", develop = true}
[build-system]
requires = ["poetry-core>=2,<3"]
build-backend = "poetry.core.masonry.api"
"""
_BESIDE = {"library/pyproject.toml": _LIBRARY, "library/library/__init__.py": "import idna\n"}
_PIPENV = {"_meta": {"requires": {}}, "default": {"idna": {"version": "==3.7"}}, "develop": {}}
_SETUP = """
from setuptools import find_packages, setup
setup(name="shop", version="1", packages=find_packages("src"), package_dir={"": "src"},
    install_requires=["idna"])
"""


def _beside(**files: str) -> Shape:
    """Make an app in a directory, and a library of the same repository beside it."""
    main = _MAIN.replace("import idna", "import library\nfrom library import idna")
    own = {"app/shop/__init__.py": "", "app/shop/main.py": main}
    named = {
        f"app/{name.replace('_txt', '.txt').replace('_toml', '.toml')}": text for name, text in files.items()
    }
    return Shape({**_BESIDE, **own, **named}, {**_SETTINGS, "working_directory": "app"})


def _shape(files: dict[str, str], **settings: object) -> Shape:
    return Shape(_CODE | files, {**_SETTINGS, **settings})


SHAPES = {
    "requirements": _shape({"requirements.txt": "idna==3.7\n"}),
    "requirements-and-a-project": _shape({"pyproject.toml": _PROJECT, "requirements.txt": "idna==3.7\n"}),
    "requirements-of-windows": _shape(
        {
            "requirements.txt": "\ufeff-r base.txt\r\npywin32==306 ; sys_platform == 'win32'\r\n",
            "base.txt": "idna\r\n",
        }
    ),
    "requirements-folder": _shape(
        {"requirements/base.txt": "idna==3.7\n", "requirements/prod.txt": "-r base.txt\nh11\n"}
    ),
    "poetry": _shape({"pyproject.toml": _POETRY, "poetry.lock": _LOCK}),
    "poetry-s-groups": _shape(
        {
            "pyproject.toml": _POETRY.replace('idna = "^3"', "")
            .replace("group.dev", "group.web")
            .replace("pytest", "idna")
        },
        dependencies={"groups": ["web"]},
    ),
    "poetry-project-no-package": _shape({"pyproject.toml": _PROJECT + _NO_PACKAGE_OF_A_PROJECT + _BACKEND}),
    "poetry-no-package": _shape(
        {"pyproject.toml": _NO_PACKAGE, "poetry.lock": _LOCK}, dependencies={"groups": ["live"]}
    ),
    "pdm": _shape({"pyproject.toml": _PDM, "pdm.lock": _LOCK}),
    "pipenv": _shape({"Pipfile": "", "Pipfile.lock": json.dumps(_PIPENV)}),
    "setup-py": Shape(
        {"setup.py": _SETUP, "src/shop/__init__.py": "", "src/shop/main.py": _MAIN}, {**_SETTINGS}
    ),
    "pip-constraints": _shape(
        {"requirements.txt": "-c constraints.txt\nidna\n", "constraints.txt": "idna==3.7\n"}
    ),
    "pip-hashes": _shape({"requirements.txt": f"idna==3.7 --hash=sha256:{_IDNA}\n"}),
    "hatch-and-pixi": _shape({"pyproject.toml": _HATCH, "shop/about.py": '__version__ = "1"\n'}),
    "setuptools-scm-by-setup-cfg": _shape({"pyproject.toml": _SCM, "setup.cfg": _SETUP_CFG}),
    "a-version-of-git": _shape({"pyproject.toml": _VERSION_OF_GIT}),
    "extras-and-groups": _shape(
        {"pyproject.toml": _EXTRAS}, dependencies={"extras": ["production"], "groups": ["live"]}
    ),
    "beside-by-uv": _beside(
        pyproject_toml=_MEMBER.replace("SOURCE", '{path = "../library", editable = true}')
    ),
    "beside-by-poetry": _beside(pyproject_toml=_POETRY_BESIDE),
    "beside-by-pip": _beside(requirements_txt="-e ../library\n"),
    "uv-workspace": Shape(
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
            "packages/library/pyproject.toml": _LIBRARY,
            "packages/library/library/__init__.py": "import idna\n",
            "packages/shop/pyproject.toml": _MEMBER.replace("SOURCE", "{workspace = true}")
            + '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
            "packages/shop/shop/__init__.py": "",
            "packages/shop/shop/main.py": _MAIN.replace("import idna", "from library import idna"),
        },
        {**_SETTINGS, "dependencies": {"package": "shop"}},
    ),
    "pyproject": _shape(
        {"pyproject.toml": f'{_PROJECT}dependencies = ["idna"]\n'}, server="gunicorn-uvicorn"
    ),
    "uv": _shape(
        {
            "pyproject.toml": f"{_PROJECT}[dependency-groups]\nlive = ['idna']\n"
            '[tool.uv]\ndefault-groups = ["live"]\n'
        }
    ),
}

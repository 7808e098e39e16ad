"""Projects that ask for a Python, in the files of whichever tool."""

import json
from pathlib import Path
from typing import Any

from deploys.apps.pythons import Wanted, wanted_python
from deploys.apps.reading import read_source
from deploys.config import App
from tests.apps.sources import written


def wanted(folder: Path, files: dict[str, str], **settings: Any) -> Wanted | None:
    written(folder, {"main.py": "", **files})
    app = App.model_validate({"source": str(folder), "asgi": "main:app", **settings})
    return wanted_python(app, read_source(app.source, "source"))


def project(specifiers: str) -> str:
    return f'[project]\nname = "shop"\nrequires-python = "{specifiers}"\n'


def poetry(constraint: str) -> str:
    return f'[tool.poetry.dependencies]\npython = "{constraint}"\n'


def pipenv(**requires: str) -> str:
    return json.dumps({"_meta": {"requires": requires}})


def mise(python: str) -> str:
    return f'[tools]\nnode = "22"\npython = {python}\n'


def setup(*arguments: str, before: str = "") -> str:
    return (
        f"from setuptools import setup\n{before}\nsetup(\n    name='shop',\n    {', '.join(arguments)}\n)\n"
    )

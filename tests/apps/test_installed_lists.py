"""Which list of requirements is installed, and what of a project beside it."""

from pathlib import Path
from typing import Any

import pytest

from tests.apps.sources import LOCKED, PROJECT, REQUIRED, REQUIREMENTS, VENV, app, script, written

SCRIPTS: list[tuple[dict[str, str], dict[str, Any], list[str]]] = [
    (
        {"requirements/dev.txt": "", "requirements/production.txt": "", "requirements/base.txt": ""},
        {},
        [VENV, "uv pip install --quiet --requirements requirements/production.txt"],
    ),
    (
        {"requirements-base.txt": "", "requirements-dev.txt": ""},
        {},
        [VENV, "uv pip install --quiet --requirements requirements-base.txt"],
    ),
    (
        {"deps/live.txt": "", "requirements.txt": ""},
        {"dependencies": {"listed_in": "deps/live.txt"}},
        [VENV, "uv pip install --quiet --requirements deps/live.txt"],
    ),
    (LOCKED | REQUIREMENTS, {"dependencies": {"listed_in": "requirements.txt"}}, [VENV, REQUIRED]),
    (REQUIREMENTS, {}, [VENV, REQUIRED]),
    (PROJECT | {"requirements.txt": ""}, {}, [VENV, REQUIRED]),
    (
        {"pyproject.toml": PROJECT["pyproject.toml"] + "[build-system]\n", "requirements.txt": ""},
        {},
        [VENV, REQUIRED, "uv pip install --quiet --editable ."],
    ),
    (
        {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["idna"]\n', "requirements.txt": ""},
        {},
        [VENV, "uv pip install --quiet --requirements pyproject.toml"],
    ),
    (
        {"pyproject.toml": '[project]\nname = "shop"\ndynamic = ["dependencies"]\n', "requirements.txt": ""},
        {},
        [VENV, "uv pip install --quiet --requirements pyproject.toml"],
    ),
    *(
        (
            {
                "pyproject.toml": f'{PROJECT["pyproject.toml"]}dependencies = ["{asked}"]\n',
                "lib/setup.py": "",
            },
            {},
            [VENV, "uv pip install --quiet --requirements pyproject.toml"],
        )
        for asked in ("lib @ file:///${PROJECT_ROOT}/lib", "lib[web] @ {root:uri}/lib")
    ),
    (
        {"requirements.txt": "-e file:///${PROJECT_ROOT}/lib\n", "lib/setup.py": ""},
        {},
        [VENV, REQUIRED],
    ),
    (
        {"requirements.txt": "", "requirements-prod.txt": "-r requirements.txt\n"},
        {},
        [VENV, "uv pip install --quiet --requirements requirements-prod.txt"],
    ),
    (
        PROJECT | {"requirements.txt": "", "requirements/prod.txt": "-r ../requirements.txt\n"},
        {},
        [VENV, "uv pip install --quiet --requirements requirements/prod.txt"],
    ),
    (
        {
            "requirements.txt": "-r requirements/production.txt\n",
            "requirements/production.txt": "-r base.txt\n",
            "requirements/base.txt": "",
        },
        {},
        [VENV, REQUIRED],
    ),
    (
        {"requirements.txt": "-r requirements-prod.txt\n", "requirements-prod.txt": "-r requirements.txt\n"},
        {},
        [VENV, REQUIRED],
    ),
    (
        {"requirements.txt": "", "requirements-prod.txt": "-r requirements.txt\n"},
        {"dependencies": {"listed_in": "requirements.txt"}},
        [VENV, REQUIRED],
    ),
    *(
        ({name: "idna", **files}, {}, [VENV, f"uv pip install --quiet --requirements {name}"])
        for name, files in {
            "requirements/production.txt": {
                "requirements.txt": "-r requirements/local.txt\n",
                "requirements/local.txt": "-r base.txt\npytest\n",
                "requirements/base.txt": "",
            },
            "requirements/base.txt": {
                "requirements.txt": "-r requirements/test.txt\n",
                "requirements/test.txt": "-r base.txt\n",
            },
            "requirements.base.txt": {"requirements.dev.txt": "-r requirements.base.txt\n"},
        }.items()
    ),
    (
        {"requirements.txt": "idna", "requirements.prod.txt": "-r requirements.txt\n"},
        {},
        [VENV, "uv pip install --quiet --requirements requirements.prod.txt"],
    ),
    ({"setup.cfg": "[flake8]\n"}, {}, [VENV]),
    *(
        ({"src/shop.py": "", "requirements.txt": f"{line}\n", "base.txt": "-e .\n"}, {}, [VENV, REQUIRED])
        for line in ("-e .", "--editable .", "--editable=file:.[web]", ".", "./", ".[web]", "-r base.txt")
    ),
    (PROJECT | {"src/shop.py": "", "requirements.txt": "-e .\n"}, {}, [VENV, REQUIRED]),
    ({"src/shop.py": ""}, {"env": {"PYTHONPATH": "src"}}, [VENV]),
    ({"docs/requirements.txt": "", "requirements/test.txt": ""}, {}, [VENV]),
    (
        {
            "requirements.txt": "-r more/base.txt\n./lib\n",
            "more/base.txt": "-c ./pins.txt\n",
            "more/pins.txt": "",
            "lib/setup.py": "",
        },
        {},
        [VENV, REQUIRED],
    ),
]


@pytest.mark.parametrize(("files", "settings", "lines"), SCRIPTS)
def test_a_directory_with_lists(
    tmp_path: Path, files: dict[str, str], settings: dict[str, Any], lines: list[str]
) -> None:
    assert script(app(written(tmp_path, files), **settings))[: len(lines)] == lines

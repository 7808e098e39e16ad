"""How each kind of source is installed."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import recipe
from deploys.apps.poetry import list_requirements
from deploys.apps.reading import read_source
from tests.apps.sources import (
    CHOOSABLE,
    FOR_UV,
    LOCKED,
    NO_PACKAGE,
    OF_POETRY,
    POETRY,
    POETRY_LOCK,
    PROJECT,
    VENV,
    app,
    made_of,
    script,
    written,
)

KEEP = '"$VIRTUAL_ENV/gatehouse-locked.txt"'
LISTED = '"$VIRTUAL_ENV/gatehouse-listed.txt"'
PIPENV = {
    "default": {
        "uvicorn": {
            "version": "==0.30.1",
            "extras": ["standard"],
            "hashes": ["sha256:ab", "sha256:cd", "--x"],
        },
        "colorama": {"version": "==0.4.6", "markers": "sys_platform == 'win32'"},
    },
    "develop": {"pytest": {"version": "==8.0.0"}},
}

OFFERED = (
    "[project.optional-dependencies]\npg = ['psycopg']\nredis = ['redis']\ntesting = ['pytest']\nnone = []\n"
    "[dependency-groups]\ndev = ['pytest']\nprod = ['gunicorn']\nlint = ['ruff']\n"
)

PROJECT_BY_PATH = {
    "pyproject.toml": PROJECT["pyproject.toml"] + '[tool.uv.sources]\nshop = {path = "packages/shop"}\n'
}

SCRIPTS: list[tuple[dict[str, str], dict[str, Any], list[str]]] = [
    (
        PROJECT_BY_PATH | {"packages/shop/shop/__init__.py": "", "packages/shop/pyproject.toml": ""},
        {},
        [VENV, "uv sync --quiet --no-dev"],
    ),
    (LOCKED, {}, [VENV, "uv sync --quiet --frozen --no-dev"]),
    (PROJECT, {}, [VENV, "uv pip install --quiet --requirements pyproject.toml"]),
    (
        {"pyproject.toml": PROJECT["pyproject.toml"] + "[build-system]\n"},
        {"python": "3.12"},
        [made_of("3.12", "the setting python"), "uv pip install --quiet --editable ."],
    ),
    (FOR_UV, {}, [VENV, "uv sync --quiet --no-dev"]),
    (
        {"pyproject.toml": "[tool.uv.workspace]\nmembers = []\n"},
        {"dependencies": {"package": "shop"}},
        [VENV, "uv sync --quiet --no-dev --package shop"],
    ),
    (
        LOCKED | CHOOSABLE,
        {"python": "3.12", "dependencies": {"extras": ["pg", "redis"], "groups": ["dev", "prod"]}},
        [
            made_of("3.12", "the setting python"),
            "uv sync --quiet --frozen --extra pg --extra redis --group dev --group prod --python 3.12",
        ],
    ),
    (
        LOCKED,
        {"dependencies": {"package": "web.shop"}},
        [VENV, "uv sync --quiet --frozen --no-dev --package web.shop"],
    ),
    ({"main.py": ""}, {}, [VENV]),
    (
        LOCKED,
        {"dependencies": {"editable": False}},
        [VENV, "uv sync --quiet --frozen --no-dev --no-editable"],
    ),
    ({"pylock.toml": 'marker = "a/b"'}, {}, [VENV, "uv pip install --quiet --requirements pylock.toml"]),
    ({"setup.py": ""}, {"dependencies": {"editable": False}}, [VENV, "uv pip install --quiet ."]),
    (
        {"setup.cfg": "[metadata]\n[options.extras_require]\npg =\n", "pyproject.toml": "[tool.ruff]\n"},
        {"dependencies": {"extras": ["pg"]}},
        [VENV, "uv pip install --quiet --editable '.[pg]'"],
    ),
    (POETRY, {}, [VENV, "uv pip install --quiet --editable ."]),
    (
        POETRY,
        {"dependencies": {"groups": ["prod"]}},
        [
            VENV,
            *list_requirements([], ["prod"], LISTED).splitlines(),
            f"uv pip install --quiet --requirements {LISTED} --editable .",
        ],
    ),
    (
        {"pyproject.toml": NO_PACKAGE["pyproject.toml"] + '[project]\nname = "shop"\n[build-system]\n'},
        {},
        [
            VENV,
            *list_requirements([], [], LISTED).splitlines(),
            f"uv pip install --quiet --requirements {LISTED}",
        ],
    ),
    *(
        (
            {"pyproject.toml": settings},
            {"dependencies": {"extras": ["pg"]}},
            [
                VENV,
                *list_requirements(["pg"], [], LISTED).splitlines(),
                f"uv pip install --quiet --requirements {LISTED}",
            ],
        )
        for settings in (
            OF_POETRY,
            f'{OF_POETRY}[build-system]\nbuild-backend = "setuptools.build_meta"\n',
            f'{OF_POETRY}[build-system]\nrequires = ["setuptools"]\n',
            f'{OF_POETRY}[project]\nname = "shop"\ndynamic = ["dependencies", "optional-dependencies"]\n',
        )
    ),
    (
        POETRY | {"poetry.lock": POETRY_LOCK},
        {"python": "3.12", "dependencies": {"extras": ["pg"]}},
        [
            made_of("3.12", "the setting python"),
            f"printf '%s\\n' fastapi==0.115.0 h11==0.16.0 > {KEEP}",
            f"uv pip install --quiet --constraints {KEEP} --editable '.[pg]'",
        ],
    ),
    (
        NO_PACKAGE | {"poetry.lock": POETRY_LOCK},
        {"dependencies": {"groups": ["prod"], "extras": ["pg"]}},
        [
            VENV,
            f"printf '%s\\n' fastapi==0.115.0 h11==0.16.0 > {KEEP}",
            *list_requirements(["pg"], ["prod"], LISTED).splitlines(),
            f"uv pip install --quiet --constraints {KEEP} --requirements {LISTED}",
        ],
    ),
    (
        CHOOSABLE | {"pdm.lock": POETRY_LOCK},
        {"dependencies": {"groups": ["prod"], "extras": ["pg"]}},
        [
            VENV,
            f"printf '%s\\n' fastapi==0.115.0 h11==0.16.0 > {KEEP}",
            f"uv pip install --quiet --constraints {KEEP} --group prod"
            " --requirements pyproject.toml --extra pg",
        ],
    ),
    (
        {"Pipfile": "", "Pipfile.lock": json.dumps(PIPENV)},
        {},
        [
            VENV,
            f"printf '%s\\n' 'colorama==0.4.6 ; sys_platform == '\"'\"'win32'\"'\"''"
            f" 'uvicorn[standard]==0.30.1 --hash=sha256:ab --hash=sha256:cd' > {KEEP}",
            f"uv pip install --quiet --no-deps --requirements {KEEP}",
        ],
    ),
    *(
        (
            {
                "pyproject.toml": f"{CHOOSABLE['pyproject.toml']}dev = []\nTest = []\n'$(x) docs' = []\n"
                f"[tool.uv]\ndefault-groups = {default}\n",
                "uv.lock": "",
            },
            {"dependencies": {"groups": chosen}},
            [VENV, f"uv sync --quiet --frozen --no-dev{words}"],
        )
        for default, chosen, words in (
            ('"all"', [], " --no-group test"),
            ('["dev", "test", "prod", "gone-test"]', [], " --no-group test"),
            ('["test"]', ["test"], " --group test"),
            ('["prod"]', [], ""),
            ("3", [], ""),
        )
    ),
]


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


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (LOCKED, "what uv.lock says"),
        (POETRY | {"poetry.lock": ""}, "what poetry.lock says, and the project from its source"),
        (
            POETRY | {"poetry.lock": POETRY_LOCK},
            "what poetry.lock says, and the project from its source,"
            " but any version of numpy, of which it has several",
        ),
        (NO_PACKAGE, "what pyproject.toml says"),
        ({"setup.py": ""}, "what setup.py says, and the project from its source"),
        ({"main.py": ""}, "nothing but uvicorn, as no file says what"),
        (
            {"requirements.txt": "idna", "requirements-prod.txt": "h11", "requirements-dev.txt": "pytest"},
            "what requirements.txt says, without requirements-prod.txt",
        ),
        (
            {"requirements.txt": "-r requirements/prod.txt", "requirements/prod.txt": "h11"},
            "what requirements.txt says",
        ),
        (
            {"pyproject.toml": f'{PROJECT["pyproject.toml"]}dependencies = ["idna"]\n{OFFERED}'},
            "what pyproject.toml says, without its extras pg and redis, without its group prod",
        ),
        (
            {"pyproject.toml": f"{PROJECT['pyproject.toml']}{OFFERED}[tool.uv]\ndefault-groups = ['prod']\n"},
            "what pyproject.toml says, without its extras pg and redis",
        ),
        (
            {
                "pyproject.toml": PROJECT["pyproject.toml"]
                + "[project.optional-dependencies]\n"
                + "".join(f"x{number} = ['idna']\n" for number in range(9))
            },
            "what pyproject.toml says, without its extras x0, x1, x2, x3, x4, x5 and 3 more",
        ),
        (
            {"pyproject.toml": OF_POETRY + 'h11 = "*"\n[tool.poetry.group.web.dependencies]\nx = "*"\n'},
            "what pyproject.toml says, without its group web",
        ),
    ],
)
def test_what_is_installed_is_said(tmp_path: Path, files: dict[str, str], words: str) -> None:
    settings = app(written(tmp_path, files))
    assert recipe(settings, read_source(settings.source, "source")).installs == words

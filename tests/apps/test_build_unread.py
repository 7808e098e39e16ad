"""What says that something is needed is installed or refused, though what is read first says nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.foreign import PUBLIC
from deploys.refusal import Refusal
from tests.apps.sources import FOR_UV, LOCKED, PROJECT, REQUIRED, VENV, app, made_of, script, written

PACKAGE = {"pyproject.toml": PROJECT["pyproject.toml"] + "[build-system]\n"}
TOOLS = {"pyproject.toml": "[tool.ruff]\n"}
SAY_NOTHING: dict[str, dict[str, str]] = {
    "no file": {},
    "settings of tools": TOOLS,
    "a project": PROJECT,
    "a package": PACKAGE,
    "a project of uv's": FOR_UV,
    "a locked project": LOCKED,
    "a project of Poetry's": {"pyproject.toml": '[tool.poetry.dependencies]\npython = ">=3.9"\n'},
    "setup.py": {"setup.py": "setup(name='shop')"},
    "an empty list": {"requirements.txt": "# nothing\n--no-binary idna\n-r base.txt\n", "base.txt": "\n"},
    "only constraints": {"requirements.txt": "-c pins.txt\n", "pins.txt": "idna==3.7\n"},
}
"""Sources that say nothing of what they need, and what would be installed by."""

PIPFILE_LOCK = json.dumps({"default": {"idna": {"version": "==3.7"}}})
NAMES: dict[str, tuple[str, str]] = {
    "Pipfile": ("", r"found Pipfile: run `pipenv lock`"),
    "environment.yml": ("", r"found environment\.yml: conda is not there: write requirements\.txt"),
    "environment-prod.yaml": ("", r"found environment-prod\.yaml: conda is not there"),
    "conda-lock.yml": ("", r"found conda-lock\.yml: conda is not there"),
    "pixi.lock": ("", r"found pixi\.lock: pixi is not there"),
    "requirements.in": ("idna", r"found requirements\.in: write requirements\.txt by `uv pip compile`"),
    **{
        name: (
            "idna",
            rf'found {name}, which is not looked for: write dependencies = {{"listed_in": "{name}"}}',
        )
        for name in (
            *("requirements/main.txt", "reqs.txt", "requirements.pip", "requirements.lock"),
            *("req.txt", "requirement.txt", "Requirements.txt"),
            *("requirements-web.txt", "shop/requirements.txt", "pylock.web.toml"),
        )
    },
    "shop.py": (
        '# /// script\n# dependencies = [\n#   "idna",\n# ]\n# ///\n',
        r'found dependencies in a comment of shop\.py: write dependencies = {"listed_in": "shop\.py"}',
    ),
}
"""Files beside them: what is in each, and how it is refused."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", SAY_NOTHING)
def test_a_file_beside_what_says_nothing_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    content, words = NAMES[name]
    with pytest.raises(Refusal, match=words):
        script(app(written(tmp_path, SAY_NOTHING[kind] | {name: content})))


TABLES = [
    ('[tool.flit.metadata]\nrequires = ["idna"]\n', r"found \[tool\.flit\.metadata\] in pyproject\.toml"),
    (
        '[dependency-groups]\ntest = ["pytest"]\nweb = ["idna"]\n',
        r"the group 'web' in pyproject\.toml: write dependencies = {\"groups\": \[\"web\"\]}",
    ),
    ('[tool.poetry.group.web.dependencies]\nidna = "*"\n', r"the group 'web' in pyproject\.toml: write dep"),
    (
        '[tool.hatch.envs.test]\ndependencies = ["pytest"]\n'
        '[tool.hatch.envs.default]\ndependencies = ["idna"]\n',
        r"found \[tool\.hatch\.envs\.default\] in pyproject\.toml, which is not read: write it as depend",
    ),
    ('[tool.pixi.dependencies]\npython = "*"\nidna = "*"\n', r"\[tool\.pixi\.dependencies\] in pyproject"),
]


@pytest.mark.parametrize(("table", "words"), TABLES)
@pytest.mark.parametrize("kind", ["no file", "settings of tools", "a project", "a package", "an empty list"])
def test_a_table_beside_what_says_nothing_is_refused(
    tmp_path: Path, kind: str, table: str, words: str
) -> None:
    files = SAY_NOTHING[kind]
    settings = {"pyproject.toml": files.get("pyproject.toml", "") + table}
    with pytest.raises(Refusal, match=words):
        script(app(written(tmp_path, files | settings)))


GOES: list[tuple[dict[str, str], dict[str, Any], list[str]]] = [
    (FOR_UV | {"requirements.txt": "idna"}, {}, [VENV, REQUIRED]),
    (
        LOCKED | {"Pipfile.lock": PIPFILE_LOCK},
        {"dependencies": {"listed_in": "uv.lock"}},
        [VENV, "uv sync --quiet --frozen --no-dev"],
    ),
    (
        {"pyproject.toml": '[dependency-groups]\nweb = ["idna"]\n'},
        {"dependencies": {"groups": ["web"]}},
        [VENV, "uv pip install --quiet --group web"],
    ),
    (
        {"pyproject.toml": '[tool.flit.metadata]\nrequires = ["idna"]\n[build-system]\n'},
        {},
        [VENV, "uv pip install --quiet --editable ."],
    ),
    *(
        (
            PROJECT | {name: "# /// script\n"},
            {"dependencies": {"listed_in": name}},
            [VENV, f"uv pip install --quiet --requirements {name}"],
        )
        for name in ("shop.py", "reqs.txt", "requirements.pip", "requirements.lock", "pylock.web.toml")
    ),
    (
        PROJECT | {"environment.yml": "", "requirements.txt": "idna"},
        {},
        [VENV, REQUIRED],
    ),
    (
        PROJECT
        | {"requirements-dev.txt": "idna", "environment-dev.yml": "", "requirements/test.txt": "idna"},
        {},
        [VENV, "uv pip install --quiet --requirements pyproject.toml"],
    ),
    ({"requirements.txt": "idna", "requirements.in": "idna", "Pipfile": ""}, {}, [VENV, REQUIRED]),
    ({"requirements.txt": "", "requirements.in": ""}, {}, [VENV, REQUIRED]),
    (
        {"setup.py": "setup(install_requires=['idna'])", "environment.yml": ""},
        {},
        [VENV, "uv pip install --quiet --editable ."],
    ),
    ({"shop.py": "# /// script\n# dependencies = []\n# ///\n"}, {}, [VENV]),
    *(
        ({"shop.py": "", name: text, **more}, {}, [VENV])
        for name, text, more in (
            ("worker/requirements.txt", "idna", {"worker/tool.py": ""}),
            ("deps/pip/requirements.txt", "# none\n", {}),
            ("deps/dev/requirements.txt", "idna", {}),
            (".github/tools/requirements.txt", "idna", {}),
            ("ui/node_modules/gyp/requirements.txt", "idna", {}),
        )
    ),
    *(
        ({"uv.lock": "", "requirements.txt": "idna", name: text}, {}, [VENV, REQUIRED])
        for name, text in (
            ("pip.conf", "[global]\nindex-url = https://mirror.example.com/simple\n"),
            ("pip.conf", "no settings\n"),
            ("pip.conf", f"[global]\nextra-index-url = https://{'.'.join(PUBLIC[0])}/simple\n"),
            ("uv.toml", 'required-version = ">=0.1"\n'),
            ("uv.toml", "required-version = 'of mine'\n"),
            ("uv.toml", "= no TOML\n"),
        )
    ),
    (
        {"pyproject.toml": "[project]\nrequires-python = '>=3.0'\n[tool.ruff]\n", "requirements.txt": "idna"},
        {},
        [made_of(">=3.0", "pyproject.toml"), REQUIRED],
    ),
    (
        {
            "uv.toml": "",
            "pyproject.toml": "[tool.uv]\nrequired-version = '<0.1'\n",
            "requirements.txt": "idna",
        },
        {},
        [VENV, REQUIRED],
    ),
    (
        {"pyproject.toml": "[tool.uv.pip]\npython-version = '3.12'\n", "requirements.txt": "idna"},
        {"python": "3.12"},
        [made_of("3.12", "the setting python"), REQUIRED],
    ),
    (
        {
            "pip.conf": "[global]\nextra-index-url = https://packages.example.com/simple\n",
            "requirements.txt": "--extra-index-url https://packages.example.com/simple\nidna",
        },
        {},
        [VENV, REQUIRED],
    ),
    (
        {
            "pip.conf": "[global]\nextra-index-url = https://packages.example.com/simple\n",
            "requirements.txt": "h11",
        },
        {"indexes": {"extra": ["https://packages.example.com/simple/"]}},
        [VENV, REQUIRED],
    ),
    ({"shop.py": "# /// script\n" * 100_000}, {}, [VENV]),
]
"""Sources where enough is said: what is beside it is passed over."""


@pytest.mark.parametrize(("files", "settings", "lines"), GOES)
def test_what_says_enough_is_installed(
    tmp_path: Path, files: dict[str, str], settings: dict[str, Any], lines: list[str]
) -> None:
    assert script(app(written(tmp_path, files), **settings))[: len(lines)] == lines


@pytest.mark.parametrize("kind", [kind for kind in SAY_NOTHING if kind != "no file"])
def test_a_lock_of_pipenv_s_is_refused_or_counts(tmp_path: Path, kind: str) -> None:
    files = SAY_NOTHING[kind] | {"Pipfile.lock": PIPFILE_LOCK}
    if kind in {"settings of tools", "setup.py", "an empty list", "only constraints"}:
        assert script(app(written(tmp_path, files)))[-1]
    else:
        with pytest.raises(Refusal, match=r'found Pipfile\.lock: write dependencies = {"listed_in": "Pipf'):
            script(app(written(tmp_path, files)))


def test_a_list_beside_a_lock_that_says_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r'found requirements\.txt: write dependencies = {"listed_in": "req'):
        script(app(written(tmp_path, LOCKED | {"requirements.txt": "idna"})))


def test_a_group_that_is_not_there_is_refused(tmp_path: Path) -> None:
    files = {"pyproject.toml": '[dependency-groups]\nweb = ["idna"]\n'}
    with pytest.raises(Refusal, match=r"found no 'live' among the groups in pyproject\.toml"):
        script(app(written(tmp_path, files), dependencies={"groups": ["live"]}))

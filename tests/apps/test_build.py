"""How each kind of source is installed."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import recipe
from deploys.apps.poetry import list_requirements
from deploys.apps.project import make_environment
from deploys.apps.pythons import Wanted
from deploys.apps.reading import read_source
from deploys.apps.source import NOTHING
from deploys.config import App
from deploys.refusal import Refusal

PROJECT = {"pyproject.toml": '[project]\nname = "shop"\n'}
CHOICES = "[project.optional-dependencies]\npg = []\nredis = []\n[dependency-groups]\nprod = []\n"
CHOOSABLE = {"pyproject.toml": PROJECT["pyproject.toml"] + CHOICES}
FOR_UV = {"pyproject.toml": PROJECT["pyproject.toml"] + "[tool.uv]\n"}
LOCKED = PROJECT | {"uv.lock": ""}
REQUIREMENTS = {"requirements.txt": "", "pyproject.toml": "[tool.ruff]\n"}
VENV = 'uv venv --quiet "$VIRTUAL_ENV"'

REQUIRED = "uv pip install --quiet --requirements requirements.txt"
KEEP = '"$VIRTUAL_ENV/gatehouse-locked.txt"'
POETRY = {"pyproject.toml": '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\n[build-system]\n'}
NO_PACKAGE = {"pyproject.toml": "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\n"}
LISTED = '"$VIRTUAL_ENV/gatehouse-listed.txt"'
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


def made_of(request: str, by: str) -> str:
    return make_environment(Wanted(request, by))


SCRIPTS: list[tuple[dict[str, str], dict[str, Any], list[str]]] = [
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
    (REQUIREMENTS, {}, [VENV, REQUIRED]),
    ({"main.py": ""}, {}, [VENV]),
    (
        LOCKED,
        {"dependencies": {"editable": False}},
        [VENV, "uv sync --quiet --frozen --no-dev --no-editable"],
    ),
    (LOCKED | REQUIREMENTS, {"dependencies": {"listed_in": "requirements.txt"}}, [VENV, REQUIRED]),
    ({"pylock.toml": ""}, {}, [VENV, "uv pip install --quiet --requirements pylock.toml"]),
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
    ({"setup.py": ""}, {"dependencies": {"editable": False}}, [VENV, "uv pip install --quiet ."]),
    (
        {"setup.cfg": "[metadata]\n", "pyproject.toml": "[tool.ruff]\n"},
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
]

OF_CONDA = "numpy @ file:///croot/numpy-1.26/numpy.whl"
"""As `pip freeze` tells of what conda has built."""

REFUSED: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"Pipfile": ""}, {}, r"found Pipfile: run `pipenv lock`, or say which file"),
    ({"environment.yml": ""}, {}, r"found environment\.yml: conda is not there: write requirements\.txt"),
    (
        {"requirements.txt": f"idna==3.7\n{OF_CONDA}#sha256=ab\n"},
        {},
        rf"found '{OF_CONDA}.*' in requirements\.txt, which is on another machine: write versions",
    ),
    ({"pixi.toml": "", "pixi.lock": ""}, {}, r"found pixi\.toml: pixi is not there: write requirements\.txt"),
    (
        {"requirements/dev.txt": ""},
        {},
        r"found requirements/dev\.txt: write requirements\.txt for production",
    ),
    ({"requirements.in": ""}, {}, r"found requirements\.in: write requirements\.txt by `uv pip compile`"),
    ({"poetry.lock": ""}, {}, r"found poetry\.lock: add the pyproject\.toml"),
    (
        {"pyproject.toml": POETRY["pyproject.toml"] + "[tool.poetry]\npackage-mode = false\n"},
        {},
        r"cannot be read",
    ),
    (
        {"setup.py": ""},
        {"dependencies": {"groups": ["prod"]}},
        r"take groups and package out of dependencies",
    ),
    (
        {
            "requirements.txt": "# ${A}\n--extra-index-url https://${TOKEN}@packages.example.com/simple\nidna\n"
        },
        {},
        r"found \$\{TOKEN\} in requirements\.txt: a build has no secrets: take the line out, and have",
    ),
    ({"setup.cfg": "[options]\n"}, {}, r"found setup\.cfg: add a pyproject\.toml with \[build-system\]"),
    (
        {"requirements/live.txt": ""},
        {},
        r"found requirements/live\.txt, which is not looked for: write its directory as working_directory",
    ),
    ({"shop/uv.lock": "", "shop.py": ""}, {}, r"found shop/uv\.lock, which is not looked for"),
    (
        {"requirements.txt": "-r base.txt\n"},
        {},
        r"/requirements\.txt: 'base\.txt' is not in the source: have git not ignore it",
    ),
    (
        {"requirements.txt": "-r more/base.txt\n", "more/base.txt": "-c pins.txt\n-r ../requirements.txt\n"},
        {},
        r"/requirements\.txt: 'more/pins\.txt' is not in the source",
    ),
    ({"requirements.txt": "./vendor/lib-1-py3-none-any.whl \\\n"}, {}, r"'\./vendor/lib-.+whl' is not in"),
    (
        {"requirements.txt": "--editable=../lib[extra] ; python_version > '3'\n"},
        {},
        r"'\.\./lib' is not in the source: write the directory that has both as the source",
    ),
    (
        {"pyproject.toml": FOR_UV["pyproject.toml"] + '[tool.uv.sources]\nlib = {path = "../lib"}\n'},
        {},
        r"/pyproject\.toml: '\.\./lib' is not in the source: write the directory that has both",
    ),
    (
        {"pyproject.toml": '[tool.poetry.dependencies]\nlib = {path = "lib"}\n[build-system]\n'},
        {},
        r"/pyproject\.toml: 'lib' is not in the source: have git not ignore it",
    ),
    (
        {"src/shop/main.py": "", "requirements.txt": "idna # not -e\n-r base.txt\n", "base.txt": ""},
        {"asgi": "shop.main:app"},
        r"asgi: 'shop\.main:app': its 'shop' is in src/: write env = \{\"PYTHONPATH\": \"src\"\}",
    ),
    (
        {"backend/shop.py": "", **PROJECT},
        {},
        r"its 'shop' is in backend/: write working_directory = \"backend\", or env = \{\"PYTHONPATH\"",
    ),
    (POETRY | {"poetry.lock": "="}, {}, r"poetry\.lock: cannot be read"),
    ({"Pipfile.lock": "{"}, {}, r"Pipfile\.lock: cannot be read"),
    (
        {"Pipfile.lock": '{"default": {"shop": {"git": "https://example.com/shop.git"}}}'},
        {},
        r"'shop' is not from an index: write requirements\.txt by `pipenv requirements`",
    ),
    (REQUIREMENTS, {"dependencies": {"listed_in": "live.txt"}}, r"found nothing to install in live\.txt"),
    (
        REQUIREMENTS,
        {"dependencies": {"listed_in": "pyproject.toml"}},
        r"nothing to install in pyproject\.toml",
    ),
    (REQUIREMENTS, {"dependencies": {"extras": ["pg"]}}, r"requirements\.txt is installed whole"),
    (
        CHOOSABLE,
        {"dependencies": {"extras": ["reddis"]}},
        r"found no 'reddis' among the extras in pyproject\.toml: did you mean 'redis'\? take it out",
    ),
    (
        CHOOSABLE | {"uv.lock": ""},
        {"dependencies": {"groups": ["live"]}},
        r"found no 'live' among the groups in pyproject\.toml: take it out of dependencies\['groups'\]",
    ),
    (CHOOSABLE, {"dependencies": {"package": "shop"}}, r"take groups and package out of dependencies"),
    ({"main.py": ""}, {"dependencies": {"extras": ["pg"]}}, r"there is no project in its pyproject\.toml"),
]


def app(source: Any, **settings: Any) -> App:
    return App.model_validate({"source": source, "asgi": "shop:app"} | settings)


def script(settings: App) -> list[str]:
    return recipe(settings, read_source(settings.source, "source")).script.splitlines()


def written(folder: Path, files: dict[str, str]) -> str:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
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


@pytest.mark.parametrize(("files", "settings", "words"), REFUSED)
def test_what_cannot_be_installed_is_refused(
    tmp_path: Path, files: dict[str, str], settings: dict[str, Any], words: str
) -> None:
    chosen = app(written(tmp_path, files), **settings)
    with pytest.raises(Refusal, match=words):
        script(chosen)
    assert recipe(chosen, NOTHING).script  # to go back, nothing is built


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (LOCKED, "what uv.lock says"),
        (POETRY | {"poetry.lock": POETRY_LOCK}, "what poetry.lock says, and the project from its source"),
        (NO_PACKAGE, "what pyproject.toml says"),
        ({"setup.py": ""}, "what setup.py says, and the project from its source"),
        ({"main.py": ""}, "nothing but uvicorn, as no file says what"),
    ],
)
def test_what_is_installed_is_said(tmp_path: Path, files: dict[str, str], words: str) -> None:
    settings = app(written(tmp_path, files))
    assert recipe(settings, read_source(settings.source, "source")).installs == words


def test_the_app_s_own_commands_end_the_build_with_its_environment(tmp_path: Path) -> None:
    settings = app(
        written(tmp_path, {"main.py": ""}),
        build=["python manage.py collectstatic --noinput", "sh -c 'echo \"$B\"'"],
        env={"B": "it's", "A": "1"},
    )
    lines = script(settings)
    first = lines.index("(")
    assert lines[first : lines.index(")") + 1] == [
        "(",
        "export A=1",
        "export B='it'\"'\"'s'",
        'export PATH="$VIRTUAL_ENV/bin:$PATH"',
        "python manage.py collectstatic --noinput",
        "sh -c 'echo \"$B\"'",
        ")",
    ]
    assert "(" not in script(app(str(tmp_path), env={"A": "1"}))


def test_a_directory_of_the_source_is_installed_from_within(tmp_path: Path) -> None:
    files = {"backend/requirements.txt": "", "uv.lock": "", "VERSION": "1"}
    lines = script(app(written(tmp_path, files), working_directory="backend", build=["true"]))
    assert lines[:3] == ["cd backend", VENV, REQUIRED]
    assert lines.index("true") < lines.index('cd "$OLDPWD"')
    assert lines[lines.index('cd "$OLDPWD"') + 1].endswith("is the app's own business")


def test_a_directory_that_the_source_has_not_is_refused(tmp_path: Path) -> None:
    settings = app(written(tmp_path, PROJECT), working_directory="backend")
    with pytest.raises(Refusal, match=r"working_directory: 'backend' is not there"):
        script(settings)
    assert recipe(settings, NOTHING).script


def test_a_server_of_the_app_s_own_is_not_looked_for_among_its_files(tmp_path: Path) -> None:
    lines = script(app(written(tmp_path, PROJECT), server="gunicorn"))
    assert [line for line in lines if "find_spec('gunicorn')" in line and '/bin/python" -I -c ' in line]


def test_what_is_beside_the_directory_of_the_app_is_there(tmp_path: Path) -> None:
    files = {"app/requirements.txt": "-c ../pins.txt\n-e ../lib\n", "pins.txt": "", "lib/setup.py": ""}
    lines = script(app(written(tmp_path, files), working_directory="app"))
    assert lines[:3] == ["cd app", VENV, REQUIRED]
    (tmp_path / "lib/setup.py").unlink()
    with pytest.raises(Refusal, match=r"/app/requirements\.txt: '\.\./lib' is not in the source"):
        script(app(str(tmp_path), working_directory="app"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_a_shell_of_windows_has_written_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".python-version").write_bytes("3.12\r\n".encode(encoding))
    (tmp_path / "requirements.txt").write_bytes("-r base.txt\r\n".encode(encoding))
    (tmp_path / "base.txt").touch()
    assert script(app(str(tmp_path)))[:2] == [made_of("3.12", ".python-version"), REQUIRED]
    (tmp_path / "pyproject.toml").write_bytes(PROJECT["pyproject.toml"].encode(encoding))
    with pytest.raises(Refusal, match=r"pyproject\.toml: save it as UTF-8 without a byte order mark"):
        script(app(str(tmp_path)))


@pytest.mark.parametrize("name", [".python-version", "pyproject.toml", "Pipfile.lock"])
def test_what_is_no_text_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"caf\xe9")
    with pytest.raises(Refusal, match=r"is no text in UTF-8: save it as UTF-8"):
        script(app(str(tmp_path)))


def test_lists_that_name_each_other_without_end_are_read_soon(tmp_path: Path) -> None:
    many = {f"{number}.txt": f"-r {number + 1}.txt\n" for number in range(2000)}
    written(
        tmp_path, {**many, "2000.txt": f"a{' ' * 100_000}b{'[' * 100_000}\n", "requirements.txt": "-r 0.txt"}
    )
    assert script(app(str(tmp_path)))[:2] == [VENV, REQUIRED]


@pytest.mark.parametrize("line", ["-e {}", "./{}", "-r {}"])
@pytest.mark.parametrize("part", ["aa", "a/"], ids=["a name", "folders"])
def test_a_path_without_end_is_refused_soon(tmp_path: Path, line: str, part: str) -> None:
    with pytest.raises(Refusal, match=r"is not in the source") as refused:
        script(app(written(tmp_path, {"requirements.txt": line.format(part * 500_000)})))
    assert len(str(refused.value)) < 500

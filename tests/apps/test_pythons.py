"""Which Python a project's own files ask for."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.pythons import Wanted, wanted_python
from deploys.apps.reading import read_source
from deploys.config import App
from deploys.refusal import Refusal
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


@pytest.mark.parametrize(
    ("files", "request_"),
    [
        ({".python-version": "3.12\n"}, "3.12"),
        ({".python-version": "# ours\n\n3.12.4 # here, too\n3.11\n"}, "3.12.4"),
        ({".python-version": "cpython-3.12"}, "3.12"),
        ({".python-version": "cpython@3.12"}, "3.12"),
        ({".python-version": ">=3.12"}, ">=3.12"),
        ({".python-versions": "3.12\n3.11\n"}, "3.12"),
        ({"pyproject.toml": project(">=3.11, <3.13")}, ">=3.11,<3.13"),
        ({"pyproject.toml": project("==3.11.*")}, "==3.11.*"),
        ({"pyproject.toml": project("~=3.11")}, "~=3.11"),
        ({"pyproject.toml": project(">=3.14.0rc1")}, ">=3.14.0rc1"),
        ({"pyproject.toml": poetry("^3.11")}, ">=3.11,<4"),
        ({"pyproject.toml": poetry("^3.11.2")}, ">=3.11.2,<4"),
        ({"pyproject.toml": poetry("~3.11")}, ">=3.11,<3.12"),
        ({"pyproject.toml": poetry("3.11.*")}, "==3.11.*"),
        ({"pyproject.toml": poetry(">=3.10 <4.0")}, ">=3.10,<4.0"),
        ({"pyproject.toml": poetry("~3.10 || ~3.12")}, ">=3.10,<3.11 || >=3.12,<3.13"),
        ({"Pipfile.lock": pipenv(python_version="3.12")}, "3.12"),
        ({"Pipfile.lock": pipenv(python_version="3.12", python_full_version="3.12.4")}, "3.12.4"),
        ({"Pipfile": '[requires]\npython_version = "3.12"\n'}, "3.12"),
        ({"Pipfile": '[requires]\npython_version = ">=3.10"\n'}, ">=3.10"),
        ({"pylock.toml": 'requires-python = ">=3.12"\n'}, ">=3.12"),
        ({"uv.lock": 'version = 1\nrequires-python = ">=3.12"\n[[package]]\n'}, ">=3.12"),
        ({"setup.cfg": "[options]\npython_requires = >=3.12\n"}, ">=3.12"),
        ({"setup.cfg": "[options]\npython_requires =\n    >=3.12,\n    <4\n"}, ">=3.12,<4"),
        ({"setup.py": setup('python_requires=">=3.12"')}, ">=3.12"),
        ({"setup.py": setup("python_requires = '~=3.12'")}, "~=3.12"),
        ({"setup.py": setup('**{"python_requires": ">=3.12"}')}, ">=3.12"),
        ({"setup.py": setup("python_requires=NEEDS", before='NEEDS = ">=3.12"  # ours')}, ">=3.12"),
        ({"setup.py": "from setuptools import setup\nsetup(python_requires='>=3.12')\n"}, ">=3.12"),
        ({"runtime.txt": "python-3.12.4\n"}, "3.12.4"),
        ({"runtime.txt": "3.12\n"}, "3.12"),
        ({".tool-versions": "# ours\nnodejs 22.1.0\npython 3.12.4 3.11.9 # both\n"}, "3.12.4"),
        ({"mise.toml": mise('"3.12"')}, "3.12"),
        ({".mise.toml": mise('["3.12", "3.11"]')}, "3.12"),
        ({"mise.toml": mise('{ version = "3.12", virtualenv = ".venv" }')}, "3.12"),
        ({"mise.toml": mise('[{ version = "3.12" }]')}, "3.12"),
    ],
)
def test_every_file_that_names_one_counts(tmp_path: Path, files: dict[str, str], request_: str) -> None:
    assert wanted(tmp_path, files) == Wanted(request_, next(iter(files)))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".python-version": "# none\n"},
        {"pyproject.toml": project("")},
        {"pyproject.toml": poetry("*")},
        {"Pipfile.lock": "{}"},
        {"Pipfile": "[packages]\n"},
        {"setup.cfg": "[metadata]\n"},
        {"setup.cfg": "[flake8\n"},
        {"setup.py": setup("version='1'")},
        {"setup.py": setup("# python_requires='>=3.12'")},
        {"setup.py": setup("python_requires=computed()")},
        {"setup.py": setup("python_requires='>={}.{}'.format(*NEEDS)")},
        {"setup.py": setup("python_requires=f'>={NEEDS}'")},
        {"setup.py": setup("python_requires=NEEDS", before="NEEDS = '>=' + OLDEST")},
        {"runtime.txt": "r-4.4-2025-01-01\n"},
        {"runtime.txt": ""},
        {".tool-versions": "nodejs 22.1.0\n"},
        {".tool-versions": "python system\n"},
        {"mise.toml": mise('"system"')},
        {"mise.toml": "[tasks]\n"},
    ],
)
def test_what_names_none_asks_for_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert wanted(tmp_path, files) is None


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".python-version": "3.12", "pyproject.toml": project(">=3.11")}, Wanted("3.12", ".python-version")),
        ({".python-version": "", "pyproject.toml": project(">=3.11")}, Wanted(">=3.11", "pyproject.toml")),
        ({".python-version": ">=3.11", "runtime.txt": "python-3.12.4"}, Wanted("3.12.4", "runtime.txt")),
        (
            {
                "setup.cfg": "[options]\npython_requires = >=3.9\n",
                "setup.py": setup('python_requires=">=3.10"'),
            },
            Wanted(">=3.10", "setup.py"),
        ),
        (
            {".python-version": "3.12", "pyproject.toml": project(">=3.12.5")},
            Wanted("==3.12.*,>=3.12.5", ".python-version with pyproject.toml"),
        ),
        (
            {"pyproject.toml": project(">=3.10") + poetry(">=3.11,<4.0")},
            Wanted(">=3.11,<4.0", "pyproject.toml"),
        ),
        (
            {"pyproject.toml": poetry("^3.9"), "Pipfile": '[requires]\npython_version = "3.12"\n'},
            Wanted("3.12", "Pipfile"),
        ),
        (
            {"pyproject.toml": poetry("~3.10 || ~3.12"), ".tool-versions": "python 3.12.4"},
            Wanted("3.12.4", ".tool-versions"),
        ),
    ],
)
def test_what_several_files_ask_for_is_what_all_of_them_allow(
    tmp_path: Path, files: dict[str, str], expected: Wanted
) -> None:
    assert wanted(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {".python-version": "3.11\n", "pyproject.toml": project(">=3.12")},
            ".python-version asks for Python 3.11, and pyproject.toml for >=3.12",
        ),
        (
            {"pyproject.toml": poetry("~3.10 || ~3.12"), "runtime.txt": "python-3.11.9\n"},
            "pyproject.toml asks for Python >=3.10,<3.11 || >=3.12,<3.13, and runtime.txt for 3.11.9",
        ),
        (
            {"pyproject.toml": project("<3.12") + poetry("^3.12")},
            "pyproject.toml asks for Python <3.12, and pyproject.toml for >=3.12,<4",
        ),
        (
            {".python-version": ">=3.11", "Pipfile": '[requires]\npython_version = "3"\n',
             "mise.toml": mise('"3.10"')},
            ".python-version asks for Python >=3.11, and mise.toml for 3.10",
        ),
    ],
)  # fmt: skip
def test_files_that_have_none_in_common_are_refused(tmp_path: Path, files: dict[str, str], said: str) -> None:
    expected = f'{tmp_path}: {said}: have them agree, or set python = "3.…" for the app'
    with pytest.raises(Refusal, match=f"^{re.escape(expected)}$"):
        wanted(tmp_path, files)


INHERITED = {
    ".python-version": "{}\n",
    ".python-versions": "{}\n",
    ".tool-versions": "python {}\n",
    "mise.toml": '[tools]\npython = "{}"\n',
}


@pytest.mark.parametrize(("name", "content"), INHERITED.items())
def test_the_nearest_counts_for_a_directory(tmp_path: Path, name: str, content: str) -> None:
    files = {name: content.format("3.11"), "services/shop/main.py": ""}
    assert wanted(tmp_path, files, working_directory="services/shop") == Wanted("3.11", name)
    nearer = {**files, f"services/{name}": content.format("3.12")}
    found = wanted(tmp_path, nearer, working_directory="services/shop")
    assert found == Wanted("3.12", f"services/{name}")
    with pytest.raises(Refusal, match=rf"^{re.escape(f'{tmp_path}/services/{name}')}: .*'pypy3.10' is no"):
        wanted(
            tmp_path,
            {f"services/{name}": content.format("pypy3.10")},
            working_directory="services/shop",
        )


def test_what_describes_another_project_does_not_count_for_a_directory(tmp_path: Path) -> None:
    files = {"pyproject.toml": project(">=3.12"), "runtime.txt": "python-3.12.4", "shop/main.py": ""}
    assert wanted(tmp_path, files, working_directory="shop") is None
    own = files | {"shop/pyproject.toml": project(">=3.11")}
    assert wanted(tmp_path, own, working_directory="shop") == Wanted(">=3.11", "shop/pyproject.toml")


def test_the_setting_comes_before_every_file(tmp_path: Path) -> None:
    found = wanted(tmp_path, {".python-version": "pypy\n", "pyproject.toml": project("no")}, python="3.11")
    assert found == Wanted("3.11", "the setting python")


@pytest.mark.parametrize(
    "word",
    [
        "shop-env",
        "pypy3.10",
        "graalpy-24.1",
        "2.7",
        "3.12; rm -rf /",
        "system",
        "/usr/bin/python3",
        "3" * 300,
    ],
)
def test_a_word_that_is_no_version_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(Refusal, match=r"\.python-version: '.+' is no version of CPython 3: set python = "):
        wanted(tmp_path, {".python-version": word})
    assert wanted(tmp_path, {}, python="3.12") == Wanted("3.12", "the setting python")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({".python-version": "3.13t"}, "'3.13t' is free-threaded, and apps run with the usual CPython"),
        ({"pyproject.toml": project(">=3.12.*")}, "requires-python '>=3.12.*' cannot be read"),
        ({"pyproject.toml": project("^3.12")}, "requires-python '^3.12' cannot be read"),
        ({"pyproject.toml": project("$(touch /tmp/x)")}, "requires-python '$(touch /tmp/x)' cannot be read"),
        ({"pyproject.toml": project(">=3.13,<3.11")},
         "requires-python '>=3.13,<3.11' allows no version of CPython 3"),
        ({"pyproject.toml": "[project]\nrequires-python = 3.12\n"}, "requires-python is no text"),
        ({"pyproject.toml": poetry("3.x")}, "Poetry's python '3.x' cannot be read"),
        ({"pyproject.toml": poetry("^2.7")}, "Poetry's python '^2.7' allows no version of CPython 3"),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = {version = '^3.9'}\n"},
         "Poetry's python is no text"),
        ({"pyproject.toml": "[project\n"}, "cannot be read: "),
        ({"Pipfile.lock": "{"}, "cannot be read: "),
        ({"Pipfile.lock": pipenv(python_version="three")},
         "python_version 'three' is no version of CPython 3"),
        ({"Pipfile": '[requires]\npython_full_version = "pypy3.10"\n'},
         "python_full_version 'pypy3.10' is no version of CPython 3"),
        ({"uv.lock": 'version = 1\nrequires-python = "new"\n'}, "requires-python 'new' cannot be read"),
        ({"pylock.toml": "requires-python = 'new'\n"}, "requires-python 'new' cannot be read"),
        ({"setup.cfg": "[options]\npython_requires = 3.12\n"}, "python_requires '3.12' cannot be read"),
        ({"setup.cfg": "[options\npython_requires = >=3.12\n"}, "cannot be read, and has python_requires"),
        ({"setup.py": setup('python_requires="^3.12"')}, "python_requires '^3.12' cannot be read"),
        ({"runtime.txt": "python-3.12.x\n"}, "'python-3.12.x' is no version of CPython 3"),
        ({"runtime.txt": "pypy3.10-7.3.12\n"}, "'pypy3.10-7.3.12' is no version of CPython 3"),
        ({".tool-versions": "python latest\n"}, "python 'latest' is no version of CPython 3"),
        ({".tool-versions": "python conda3-24.1\n"}, "python 'conda3-24.1' is no version of CPython 3"),
        ({"mise.toml": mise("3.12")}, "python is no text"),
        ({"mise.toml": mise('"latest"')}, "python 'latest' is no version of CPython 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_line(tmp_path: Path, files: dict[str, str], said: str) -> None:
    (name,) = files
    with pytest.raises(Refusal) as refused:
        wanted(tmp_path, files)
    assert str(refused.value).startswith(f"{tmp_path / name}: {said}")
    remedy = 'set python = "3.…" for the app, or write there a version or a range, like ">=3.11,<4"'
    assert str(refused.value).endswith(f": {remedy}")
    assert "\n" not in str(refused.value)


UV = """#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
case "$*" in *--no-python-downloads*"$HAS"*) exit 0;; *--no-python-downloads*) echo no >&2; exit 2;; esac
exit "$FETCHES"
"""


@pytest.mark.parametrize(
    ("has", "fetches", "tried", "error"),
    [
        (">=3.12,<3.13", 2, [">=3.12,<3.13"], ""),
        (">=3.10,<3.11", 2, [">=3.12,<3.13", ">=3.10,<3.11"], ""),
        ("none", 0, [">=3.12,<3.13", ">=3.10,<3.11", ">=3.12,<3.13"], ""),
        ("none", 2, [">=3.12,<3.13", ">=3.10,<3.11", ">=3.12,<3.13"],
         "pyproject.toml asks for Python >=3.10,<3.11 || >=3.12,<3.13, which this server does not have"),
    ],
)  # fmt: skip
def test_of_alternatives_one_of_the_machine_s_is_taken_and_else_the_newest_fetched(
    tmp_path: Path, has: str, fetches: int, tried: list[str], error: str
) -> None:
    """Run the line with a program in uv's place that has one Python, or none."""
    (tmp_path / "uv").write_text(UV)
    (tmp_path / "uv").chmod(0o755)
    line = Wanted(">=3.10,<3.11 || >=3.12,<3.13", "pyproject.toml").make
    ran = subprocess.run(
        ["sh", "-euc", line],
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "VIRTUAL_ENV": "/venv",
            "LOG": str(tmp_path / "log"),
            "HAS": has,
            "FETCHES": str(fetches),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.startswith(error), bool(ran.stderr)) == (
        bool(error),
        True,
        bool(error),
    )
    log = (tmp_path / "log").read_text().splitlines()
    assert [re.sub(r".*--python (\S+) /venv$", r"\1", each) for each in log] == tried

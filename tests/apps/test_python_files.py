"""What each file of a project says of its Python."""

from pathlib import Path

import pytest

from deploys.apps.pythons import Wanted
from deploys.refusal import Refusal
from tests.apps.python_projects import mise, pipenv, poetry, project, setup, wanted


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

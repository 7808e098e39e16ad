"""Which Python a project's own files ask for, together."""

import re
import subprocess
from pathlib import Path

import pytest

from deploys.apps.pythons import Wanted
from deploys.refusal import Refusal
from tests.apps.python_projects import mise, poetry, project, setup, wanted


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

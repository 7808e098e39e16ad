"""What locks of other programs say is what is installed: commits, markers, indexes, and no line beside."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.apps import formats, locks
from deploys.apps.build import recipe
from deploys.apps.foreign import PUBLIC
from deploys.apps.reading import read_source
from deploys.refusal import Refusal
from tests.apps.sources import OF_POETRY, POETRY, app, script, written

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OWN = f"git+https://example.com/own.git@{COMMIT}"
OF_GIT = f"""
[[package]]
name = "own"
version = "1"
[package.source]
type = "git"
url = "https://example.com/own.git"
reference = "main"
resolved_reference = "{COMMIT}"
"""
LOCKS: list[tuple[str, str, list[str], list[str], list[str]]] = [
    (OF_GIT, "", [], [f"own @ {OWN}"], []),
    (f'{OF_GIT}subdirectory = "a/b"\n', "", [], [f"own @ {OWN}#subdirectory=a/b"], []),
    (
        OF_GIT,
        '[tool.poetry.dependencies]\nown = {git = "x", extras = ["pg"]}\n',
        [],
        [f"own[pg] @ {OWN}"],
        [],
    ),
    (OF_GIT, '[project]\ndependencies = ["Own[b, a] @ git+https://x"]\n', [], [f"own[a,b] @ {OWN}"], []),
    (
        f'{OF_GIT}[[package]]\nname = "idna"\nversion = "1"\n'
        '[package.dependencies]\nown = {git = "x", extras = ["pg"]}\n',
        "",
        ["idna==1"],
        [f"own[pg] @ {OWN}"],
        [],
    ),
    (
        '[[package]]\nname = "own"\nversion = "1"\nextras = ["pg"]\ngit = "https://example.com/own.git"\n'
        f'ref = "main"\nrevision = "{COMMIT}"\nmarker = "python_version > \\"3.8\\""\n',
        "",
        [],
        [f'own[pg] @ {OWN} ; python_version > "3.8"'],
        [],
    ),
    (
        '[[package]]\nname = "idna"\nversion = "1"\nmarkers = "python_version < \'3.11\'"\n'
        '[[package]]\nname = "idna"\nversion = "2"\n'
        'groups = ["main", "web"]\n'
        "[package.markers]\nmain = \"python_version >= '3.11'\"\nweb = \"python_version >= '3.12'\"\n",
        "",
        [
            "idna==1 ; python_version < '3.11'",
            "idna==2 ; (python_version >= '3.11') or (python_version >= '3.12')",
        ],
        [],
        [],
    ),
    (
        '[[package]]\nname = "idna"\nversion = "1"\nmarkers = "extra == \'a\'"\n'
        '[[package]]\nname = "idna"\nversion = "2"\nmarkers = "extra == \'b\'"\n',
        "",
        [],
        [],
        ["idna"],
    ),
    (
        '[[package]]\nname = "idna"\nversion = "1"\ngroups = ["main"]\n'
        '[[package]]\nname = "idna"\nversion = "2"\ngroups = ["dev"]\n'
        '[[package]]\nname = "h11"\nversion = "2"\ncategory = "dev"\n',
        "",
        ["idna==1"],
        [],
        [],
    ),
]


@pytest.mark.parametrize(("lock", "settings", "constraints", "overrides", "loose"), LOCKS)
def test_a_lock_says_which_version_counts_where(
    lock: str, settings: str, constraints: list[str], overrides: list[str], loose: list[str]
) -> None:
    found = locks.constraints(lock, "poetry.lock", formats.toml(settings), ())
    assert (found.constraints, found.overrides, found.loose) == (constraints, overrides, loose)


def test_commits_take_the_place_of_branches(tmp_path: Path) -> None:
    lines = script(app(written(tmp_path, POETRY | {"poetry.lock": OF_GIT})))
    overrides = '"$VIRTUAL_ENV/gatehouse-overrides.txt"'
    assert lines[1:3] == [
        f"printf '%s\\n' 'own @ {OWN}' > {overrides}",
        f"uv pip install --quiet --overrides {overrides} --editable .",
    ]


LEGACY = (
    '[[package]]\nname = "own"\nversion = "1"\n'
    '[package.source]\ntype = "legacy"\nurl = "https://packages.example.com/simple/"\nreference = "ours"\n'
)
SOURCE = '[[tool.poetry.source]]\nname = "ours"\nurl = "https://u:hunter2@packages.example.com/simple"\n'
PIPENV: dict[str, Any] = {
    "_meta": {
        "sources": [
            {"name": "pypi", "url": f"https://{'.'.join(PUBLIC[0])}/simple"},
            {"name": "ours", "url": "https://$USER:${PASSWORD}@packages.example.com/simple"},
        ]
    },
    "default": {"own": {"version": "==1"}},
}
INDEXED: list[dict[str, str]] = [
    POETRY | {"poetry.lock": LEGACY},
    {"pyproject.toml": OF_POETRY + SOURCE},
    {"pyproject.toml": '[project]\nname = "shop"\n' + SOURCE.replace("poetry", "pdm"), "pdm.lock": ""},
    {"Pipfile.lock": json.dumps(PIPENV)},
]


@pytest.mark.parametrize("files", INDEXED)
def test_an_index_that_only_the_project_names_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    source = written(tmp_path, files)
    with pytest.raises(Refusal, match=r"found the package index 'ours' in .+: write indexes = ") as refused:
        script(app(source))
    assert '"https://packages.example.com/simple"' in str(refused.value)
    assert "hunter2" not in str(refused.value)
    for indexes in (
        {"extra": ["https://packages.example.com/simple"]},
        {"default": "https://packages.example.com/simple/"},
    ):
        assert script(app(source, indexes=indexes))


def test_the_public_index_needs_no_setting(tmp_path: Path) -> None:
    public = '[[tool.poetry.source]]\nname = "PyPI"\npriority = "primary"\n'
    assert script(app(written(tmp_path, {"pyproject.toml": OF_POETRY + public})))
    other = LEGACY + '[[package]]\nname = "idna"\nversion = "1"\n'
    files = POETRY | {
        "poetry.lock": other.replace('version = "1"\n[pack', 'version = "1"\ngroups = ["dev"]\n[pack')
    }
    assert script(app(written(tmp_path, files)))


ENTRIES: list[tuple[dict[str, Any], str, str]] = [
    ({"path": ".", "editable": True}, "", " --editable ."),
    ({"path": ".", "extras": ["pg"]}, "", " '.[pg]'"),
    ({"file": "./lib", "editable": True}, "", " --editable ./lib"),
    ({"git": "https://example.com/own.git", "ref": COMMIT}, f"'own @ {OWN}'", ""),
    ({"version": "==1", "extras": ["pg", "a]\n--x"]}, "'own[pg]==1'", ""),
]


@pytest.mark.parametrize(("entry", "line", "what"), ENTRIES)
def test_what_pipenv_has_locked(tmp_path: Path, entry: dict[str, Any], line: str, what: str) -> None:
    lock = json.dumps({"default": {"own": entry}})
    settings = app(written(tmp_path, {"Pipfile.lock": lock, "setup.py": "", "lib/setup.py": ""}))
    file = '"$VIRTUAL_ENV/gatehouse-locked.txt"'
    assert script(settings)[1:3] == [
        f"printf '%s\\n' {line} > {file}",
        f"uv pip install --quiet --no-deps --requirements {file}{what}",
    ]
    assert recipe(settings, read_source(settings.source, "source")).installs == "what Pipfile.lock says"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"version": "==1", "markers": "python_version > '3'\n--index-url https://x"},
            r"is not from an index",
        ),
        ({"git": "https://u:p@example.com/own.git", "ref": COMMIT}, r"is not from an index"),
        ({"git": "https://example.com/own.git", "ref": "main"}, r"is not from an index"),
        ({"path": "../lib", "editable": True}, r"Pipfile\.lock: '\.\./lib' is not in the source"),
    ],
)
def test_what_pipenv_has_locked_and_uv_cannot_have_is_refused(
    tmp_path: Path, entry: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        script(app(written(tmp_path, {"Pipfile.lock": json.dumps({"default": {"own": entry}})})))


TEXTS = st.text(max_size=20) | st.sampled_from(["1", "==1", "own", "a\n--index-url x", COMMIT, "x\r-e y"])
VALUES = TEXTS | st.lists(TEXTS, max_size=2)
KEYS = ("version", "markers", "extras", "hashes", "git", "ref", "subdirectory", "path")


@given(st.dictionaries(TEXTS, st.dictionaries(st.sampled_from(KEYS), VALUES), max_size=3))
def test_no_text_of_a_lock_becomes_a_line_of_its_own(packages: dict[str, dict[str, Any]]) -> None:
    try:
        lines, directories = locks.requirements({"default": packages}, "Pipfile.lock")
    except Refusal:
        return
    assert len(lines) + len(directories) == len(packages)
    for line in lines:
        assert line.isprintable()
        assert line.partition("==")[0].partition(" @ ")[0][0].isalnum()

"""What a build could never have is refused beforehand, wherever a list or a project names it."""

from pathlib import Path

import pytest

from deploys.refusal import Refusal
from tests.apps.sources import FOR_UV, OF_POETRY, PROJECT, app, script, written

WORD = "hunter2"
LINES = [
    (
        "--extra-index-url https://${TOKEN}@packages.example.com/simple",
        r"found \$\{TOKEN\} in .+: a build has",
    ),
    ("numpy @ file:///croot/numpy/numpy.whl", r"which is on another machine: write versions instead"),
    ("-e file:///home/me/lib", r"which is on another machine: have it in sources"),
    ("file:///opt/lib", r"which is on another machine: have it in sources"),
    (
        f"--index-url https://user:{WORD}@packages.example.com/simple",
        r"a login in .+ write the index in ind",
    ),
    (f"-i https://{WORD}@packages.example.com/simple", r"a login in '-i https://\*\*\*@packages"),
    (
        f"own @ git+https://user:{WORD}@example.com/own.git",
        r"a login in .+: take it out: have it in sources",
    ),
    (f"https://user:{WORD}@example.com/own-1-py3-none-any.whl", r"a login in 'https://\*\*\*@example"),
    ("own @ git+ssh://git@example.com/own.git", r"for which a build has no key: have it in sources"),
    ("-e git+git@example.com:own.git", r"for which a build has no key: have it in sources"),
    ("/home/me/lib", r"'/home/me/lib' is not in the source: have it in sources"),
    ("-e /home/me/lib", r"'/home/me/lib' is not in the source: have it in sources"),
    ("-e ~/lib", r"'~/lib' is not in the source: have it in sources"),
    ("-r /Users/me/base.txt", r"'/Users/me/base.txt' is not in the source: have it in sources"),
    ("wheels/own-1-py3-none-any.whl", r"'wheels/own-1-py3-none-any\.whl' is not in the source: have git"),
    ("own-1.tar.gz", r"'own-1\.tar\.gz' is not in the source: have git not ignore it"),
    ("own @ ./wheels/own-1-py3-none-any.whl", r"'\./wheels/own-1-py3-none-any\.whl' is not in the source"),
    ("--find-links ./wheels", r"'wheels' is not in the source: have git not ignore it"),
    ("-f wheels", r"'wheels' is not in the source: have git not ignore it"),
]


@pytest.mark.parametrize(("line", "words"), LINES)
@pytest.mark.parametrize("name", ["requirements.txt", "base.txt"])
def test_a_list(tmp_path: Path, line: str, words: str, name: str) -> None:
    files = {"requirements.txt": "-r base.txt\n", "base.txt": "idna\n"}
    files[name] += f"# ${{COMMENT}} file:///\n{line}\n"
    with pytest.raises(Refusal, match=words) as refused:
        script(app(written(tmp_path, files)))
    assert WORD not in str(refused.value)
    assert "\n" not in str(refused.value)


PROJECTS = [
    (
        f'{PROJECT["pyproject.toml"]}dependencies = ["lib @ file:///home/me/lib"]\n',
        r"another machine: have it in",
    ),
    (
        f'{PROJECT["pyproject.toml"]}dependencies = ["lib @ git+https://u:{WORD}@example.com/lib.git"]\n',
        r"a login in .+ in pyproject\.toml: take it out: have it in sources",
    ),
    (
        f'{PROJECT["pyproject.toml"]}dependencies = ["lib @ git+ssh://git@example.com/lib.git"]\n',
        r"for which a build has no key: have it in sources",
    ),
    (
        f'{PROJECT["pyproject.toml"]}dependencies = ["lib"]\n'
        '[tool.uv.sources]\nlib = {git = "ssh://git@example.com/lib.git"}\n',
        r"'git\+ssh://\*\*\*@example\.com/lib\.git' in pyproject\.toml, for which a build has no key",
    ),
    (
        f'{OF_POETRY}own = {{git = "git@example.com:own.git"}}\n',
        r"'git\+git@example\.com:own\.git' in pyproject\.toml, for which a build has no key",
    ),
    (
        f'{FOR_UV["pyproject.toml"]}[[tool.uv.index]]\nurl = "https://u:{WORD}@packages.example.com/simple"\n',
        r"a login in .+ write the index in indexes",
    ),
    *(
        (f"{FOR_UV['pyproject.toml']}[tool.uv.sources]\nlib = {source}\n", rf"'{path}' is not in the source")
        for source, path in (
            ('{path = "../lib"}', r"\.\./lib"),
            ('[{path = "lib"}]', "lib"),
            ('{path = "/home/me/lib", editable = true}', "/home/me/lib"),
        )
    ),
    (
        f'{OF_POETRY}lib = [{{path = "../lib", python = ">3"}}]\n[tool.uv.sources]\n',
        r"'\.\./lib' is not in the source",
    ),
]


@pytest.mark.parametrize(("text", "words"), PROJECTS)
def test_a_project(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        script(app(written(tmp_path, {"pyproject.toml": text})))
    assert WORD not in str(refused.value)


GOES = [
    "own @ git+https://git@example.com/own.git@main",
    "idna @ https://files.example.com/idna-3.7-py3-none-any.whl",
    "own @ git+https://example.com/own.git@main",
    "--index-url https://packages.example.com/simple",
    "./wheels/own-1-py3-none-any.whl",
    "wheels/own-1-py3-none-any.whl ; python_version > '3'",
    "--find-links wheels",
    "--find-links https://files.example.com/wheels/",
    "--find-links /opt/wheels",
    "--no-binary :all:",
    "idna[x]==3.7 --hash=sha256:ab/c",
]


@pytest.mark.parametrize("line", GOES)
def test_what_a_build_can_have_is_let_be(tmp_path: Path, line: str) -> None:
    files = {"requirements.txt": f"{line}\n", "wheels/own-1-py3-none-any.whl": ""}
    assert script(app(written(tmp_path, files)))


def test_what_is_not_asked_for_is_let_be(tmp_path: Path) -> None:
    extras = '[project.optional-dependencies]\ndev = ["lib @ git+ssh://git@example.com/lib.git"]\n'
    assert script(app(written(tmp_path, {"pyproject.toml": PROJECT["pyproject.toml"] + extras})))
    with pytest.raises(Refusal, match="for which a build has no key"):
        script(app(str(tmp_path), dependencies={"extras": ["dev"]}))

"""Sources that cannot be installed as they are, and the line that says what to write."""

from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import recipe
from deploys.apps.source import NOTHING
from deploys.refusal import Refusal
from tests.apps.sources import (
    CHOOSABLE,
    FOR_UV,
    NO_PACKAGE,
    POETRY,
    PROJECT,
    REQUIREMENTS,
    app,
    script,
    written,
)

SETUP_CFG = {
    "setup.cfg": "[metadata]\nname = shop\n",
    "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n',
}
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
    ({"pixi.toml": ""}, {}, r"found pixi\.toml: pixi is not there: write requirements\.txt"),
    (
        {"requirements/dev.txt": ""},
        {},
        r"found requirements/dev\.txt: write requirements\.txt for production",
    ),
    ({"requirements.in": "idna"}, {}, r"found requirements\.in: write requirements\.txt by `uv pip compile`"),
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
        {"requirements/live.txt": "idna"},
        {},
        r"found requirements/live\.txt, which is not looked for: write dependencies = {\"listed_in\": \"req",
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
    (
        {"requirements.txt": "-r base.txt\n", "base.txt": "numpy=1.26.4=py311h64a7726_0\n"},
        {},
        r"found 'numpy=1\.26\.4=py311.+', which is no requirement, in base\.txt: did you mean 'numpy==1",
    ),
    (
        {
            "pyproject.toml": f'{PROJECT["pyproject.toml"]}dependencies = ["lib @ file:///${{PROJECT_ROOT}}/lib"]\n'
        },
        {},
        r"/pyproject\.toml: '\./lib' is not in the source: have git not ignore it",
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
    (
        {"mysite/manage.py": "", "mysite/mysite/__init__.py": "", "mysite/mysite/wsgi.py": ""},
        {"asgi": "mysite.wsgi:app"},
        r"its 'mysite' is in mysite/: write working_directory = \"mysite\"$",
    ),
    (
        {"src/manage.py": "", "src/config/asgi.py": "", **REQUIREMENTS},
        {"asgi": "config.asgi:application"},
        r"its 'config' is in src/: write working_directory = \"src\"$",
    ),
    (
        {"backend/src/shop/__init__.py": "", "backend/tests/shop.py": "", "tests/shop.py": ""},
        {},
        r"its 'shop' is in backend/src/: write working_directory = \"backend\" and env = \{\"PYTHONPATH\"",
    ),
    (
        {"services/web/shop.py": "", "services/web/requirements.txt": "idna"},
        {},
        r"its 'shop' is in services/web/: write working_directory = \"services/web\", or env",
    ),
    (
        {"services/web/app/shop.py": ""},
        {"working_directory": "services/web"},
        r"its 'shop' is in app/: write working_directory = \"services/web/app\", or env = ",
    ),
    (POETRY | {"poetry.lock": "="}, {}, r"poetry\.lock: cannot be read"),
    ({"Pipfile.lock": "{"}, {}, r"Pipfile\.lock: cannot be read"),
    (
        {"Pipfile.lock": '{"default": {"shop": {"git": "git@example.com:shop.git"}}}'},
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
    *(
        (files, {"dependencies": {"extras": ["pgg"]}}, rf"found no 'pgg' among the extras in {file}: {meant}")
        for files, file, meant in (
            (POETRY, r"pyproject\.toml", r"did you mean 'pg'\?"),
            (POETRY | {"poetry.lock": '[[package]]\nname = "idna"\n'}, r"pyproject\.toml", "did you"),
            (NO_PACKAGE, r"pyproject\.toml", "did you"),
            (
                {"pyproject.toml": "[tool.flit.metadata]\nrequires-extra = {pg = []}\n[build-system]\n"},
                r"pyproject\.toml",
                "did you",
            ),
            (
                SETUP_CFG
                | {"setup.cfg": f"{SETUP_CFG['setup.cfg']}[options.extras_require]\npg = psycopg\n"},
                r"setup\.cfg",
                "did you",
            ),
            (SETUP_CFG | {"setup.py": "setup()"}, r"setup\.cfg", "take it out"),
        )
    ),
    (
        POETRY,
        {"dependencies": {"groups": ["prd"]}},
        r"found no 'prd' among the groups in pyproject\.toml: did you mean 'prod'\?",
    ),
    *(
        (
            {"pyproject.toml": f"[project]\nrequires-python = '>=3.9'\n{rest}"},
            {},
            r"found a \[project\] without a name in pyproject\.toml, which no installer takes: take",
        )
        for rest in (POETRY["pyproject.toml"], "dependencies = ['idna']\n", "dependencies = []\n[tool.uv]\n")
    ),
    ({"uv.lock": ""}, {}, r"found uv\.lock: add the pyproject\.toml that it is of"),
    *(
        (
            {"requirements.txt": "idna", name: f"[{section}]\nextra-index-url =\n    {url}\n"},
            {},
            rf"found the package index 'packages\.example\.com' in {name}, which only the settings can name",
        )
        for name, section, url in (
            ("pip.conf", "global", "https://me:${WORD}@packages.example.com/simple"),
            ("pip.ini", "install", "https://packages.example.com/simple"),
        )
    ),
    (
        {"deps/pip/requirements.txt": "idna", "deps/pip/dev_requirements.txt": "h11", "shop.py": ""},
        {},
        r"found deps/pip/requirements\.txt, which is not looked for: write dependencies = ",
    ),
    (
        {"requirements/main.txt": "idna", "requirements/main.in": "idna", "requirements/web.txt": "h11"},
        {},
        r"found requirements/main\.txt, requirements/web\.txt, which are not looked for: say which file",
    ),
    (
        {f"requirements/{name}.txt": "idna" for name in ("a", "b", "c", "d", "e")},
        {},
        r"requirements/c\.txt and 2 more, which are not looked for: .+ where several are needed$",
    ),
    *(
        (
            files,
            settings,
            rf"{name}: found required-version = .+: releases are built by uv [\d.]+: take it out",
        )
        for files, settings, name in (
            (
                {"pyproject.toml": f"{PROJECT['pyproject.toml']}[tool.uv]\nrequired-version = '~=0.1.2'\n"},
                {},
                r"pyproject\.toml",
            ),
            (REQUIREMENTS | {"uv.toml": 'required-version = "0.1.2"\n'}, {}, r"uv\.toml"),
            (
                {"web/requirements.txt": "idna", "web/shop.py": "", "uv.toml": 'required-version = "<0.2"\n'},
                {"working_directory": "web"},
                r"uv\.toml",
            ),
        )
    ),
    *(
        (
            {"web/requirements.txt": "idna", "web/shop.py": "", name: f"[{table}]\n{key} = '3.9'\n"},
            {"working_directory": "web", "python": "3.12"},
            rf"{name}: found {key} = '3\.9' of uv pip: packages would be chosen for that",
        )
        for name, table, key in (
            ("pyproject.toml", "tool.uv.pip", "python-version"),
            ("uv.toml", "pip", "python-platform"),
        )
    ),
    (CHOOSABLE, {"dependencies": {"package": "shop"}}, r"take groups and package out of dependencies"),
    ({"main.py": ""}, {"dependencies": {"extras": ["pg"]}}, r"there is no project in its pyproject\.toml"),
]


@pytest.mark.parametrize(("files", "settings", "words"), REFUSED)
def test_what_cannot_be_installed_is_refused(
    tmp_path: Path, files: dict[str, str], settings: dict[str, Any], words: str
) -> None:
    chosen = app(written(tmp_path, files), **settings)
    with pytest.raises(Refusal, match=words):
        script(chosen)
    assert recipe(chosen, NOTHING).script  # to go back, nothing is built


def test_a_directory_that_the_source_has_not_is_refused(tmp_path: Path) -> None:
    settings = app(written(tmp_path, PROJECT), working_directory="backend")
    with pytest.raises(Refusal, match=r"working_directory: 'backend' is not there"):
        script(settings)
    assert recipe(settings, NOTHING).script

"""A proxy is a folder and a row: nothing else knows that there is such a one."""

from pathlib import Path
from typing import get_args

import pytest

from deploys.config.proxies import NO_PROXY, ProxyName
from deploys.proxies import table

ROOT = Path(__file__).parents[2]
NAMES = get_args(ProxyName)
CHOICE = {
    *(f"deploys/config/{name}.py" for name in ("apps", "proxies", "public", "server")),
    "deploys/proxies/table.py",
}


def test_each_choice_is_a_row() -> None:
    assert sorted(NAMES) == sorted(table.PROXIES)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_names_it(name: str) -> None:
    own = (f"deploys/proxies/{name}/", f"templates/{name}/")
    files = [path for folder in ("deploys", "templates") for path in (ROOT / folder).rglob("*")]
    known = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    # The word for no proxy at all is one of every page.
    words = ("proxies.none", "no_proxy", "noproxy") if name == NO_PROXY else (name,)
    naming = {
        str(path.relative_to(ROOT))
        for path in known
        if any(word in path.read_text().lower() for word in words)
    }
    assert {path for path in naming if not path.startswith(own)} <= CHOICE

"""What the repository shows its users is accepted by what it ships."""

import ast
import re
import runpy
from pathlib import Path

import pytest

from deploys.config.reference import reference
from deploys.load import server_from

ROOT = Path(__file__).parent.parent


def test_the_production_example_is_valid() -> None:
    server = server_from(runpy.run_path(str(ROOT / "group_data" / "prod.py")))
    assert list(server.sites) == ["www.example.com"]


def test_the_reference_page_is_current() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    assert page == reference(), "run: python -m deploys.config.reference > docs/settings.md"


def test_every_setting_says_what_it_means() -> None:
    silent = [row for row in reference().splitlines() if row.startswith("| `") and row.endswith("|  |")]
    assert not silent, "a docstring is missing in deploys/config/"


@pytest.mark.parametrize("path", sorted((ROOT / "group_data").glob("*.py")), ids=lambda path: path.name)
def test_group_data_is_plain_data(path: Path) -> None:
    """pyinfra runs every one of these files in every run, whatever the inventory."""
    code = ast.parse(path.read_text())
    assert [
        line for line in code.body if isinstance(line, ast.Import | ast.ImportFrom | ast.FunctionDef)
    ] == []


def test_the_settings_in_the_readme_are_valid() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    settings: dict[str, object] = {}
    exec("\n".join(line.strip() for line in lines if re.match(r" +(acme|apps|sites) = ", line)), settings)  # noqa: S102
    assert list(server_from(settings).sites) == ["www.example.com"]

"""What the repository shows its users is accepted by what it ships."""

import runpy
from pathlib import Path

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

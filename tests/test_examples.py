"""What the repository shows its users is accepted by what it ships."""

import runpy
from pathlib import Path

from deploys.load import server_from

ROOT = Path(__file__).parent.parent


def test_the_production_example_is_valid() -> None:
    server = server_from(runpy.run_path(str(ROOT / "group_data" / "prod.py")))
    assert list(server.sites) == ["www.example.com"]

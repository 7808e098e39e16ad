"""Configurations of typical settings are as they were reviewed: python -m tests.proxies.caddy.test_golden."""

import json
from pathlib import Path

import pytest

from deploys.proxies.caddy.config import written
from tests.proxies.caddy.trees import rendered
from tests.proxies.nginx.typical import TYPICAL

GOLDEN = Path(__file__).parent / "golden"
NAMES = {name.partition("-")[0]: settings for name, (settings, _) in TYPICAL.items()}
"""Caddy's configuration has nothing to do with the machine."""


@pytest.mark.parametrize("name", NAMES)
def test_the_configuration_is_as_it_was_reviewed(name: str) -> None:
    assert rendered(NAMES[name]) == json.loads((GOLDEN / f"{name}.json").read_text())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(NAMES)


if __name__ == "__main__":
    for name, settings in NAMES.items():
        (GOLDEN / f"{name}.json").write_text(written(rendered(settings)))

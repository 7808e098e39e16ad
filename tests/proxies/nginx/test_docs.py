"""The examples of the pages about sites and nginx are settings that are taken."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.proxies.nginx.trees import render
from tests.proxies.nginx.typical import MACHINES

ROOT = Path(__file__).parents[3]
EXAMPLES = [
    pytest.param(example, id=f"{page}-{number}")
    for page in ("sites.md", "nginx.md")
    for number, example in enumerate(
        re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / page).read_text(), flags=re.M | re.S)
    )
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_is_taken(example: str) -> None:
    app = {"source": ".", "asgi": "app:app"}
    settings: dict[str, Any] = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": {**app, "port": 20000}, "api": {**app, "port": 20010}},
        "upstreams": {"legacy": {"servers": ["192.0.2.7:8000"]}},
        "sites": {"example.net": {"routes": {"/": {"app": "shop"}}}},
    }
    exec(example, settings)  # noqa: S102
    del settings["__builtins__"]
    assert render(settings, MACHINES["forky"])["nginx.conf"]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10

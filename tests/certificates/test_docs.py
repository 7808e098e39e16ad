"""The settings in docs/certificates.md are settings that gatehouse takes."""

import re
from pathlib import Path
from typing import Any

import pytest

from deploys.load import server_from

PAGE = (Path(__file__).parents[2] / "docs" / "certificates.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ROUTES = {"/": {"app": "shop"}}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example).partition("\n")[0])
def test_an_example(example: str) -> None:
    data: dict[str, Any] = {}
    whole = example.replace('"routes": {...}', f'"routes": {ROUTES}').replace("{...}", "{}")
    exec(whole, data)  # noqa: S102  # the page's own
    data.pop("__builtins__")
    smallest = {
        "acme": {"email": "ops@example.com", "dns": {"hook": "dns-hook"}},
        "apps": {"shop": {"source": ".", "asgi": "shop.main:app"}},
        "sites": {"www.example.com": {"routes": ROUTES}},
    }
    server_from({**smallest, **data})

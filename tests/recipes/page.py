"""The recipes as docs/recipes.md has them."""

import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text()
RECIPES: dict[str, str] = dict(
    re.findall(r"^## ([^\n]+)\n\n(?:[^#`]+\n\n)?```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
)


def settings(recipe: str) -> dict[str, Any]:
    """Give the settings of a recipe, as group data has them."""
    found: dict[str, Any] = {}
    exec(RECIPES[recipe], {}, found)  # noqa: S102  # the page's own
    return found

"""A shape that an app of somebody else's has: its files, the settings for it, and what must answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST, OTHER = "first", "other"
"""What an app says before and after a change: of the same length, as a changed word is more easily missed."""


@dataclass(frozen=True)
class Shape:
    """An app as its owner has it; `WORD` in a file or a setting stands for what it says."""

    files: Mapping[str, str]
    settings: Mapping[str, Any]
    asks: tuple[str, ...] = ("/",)
    """The paths at which it must say its word."""
    carries_prefix: bool = False
    """Whether its own routes begin with its name, below which it is on the site."""
    routes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Routes besides the one that leads to the app."""

    def write(self, folder: Path, word: str) -> None:
        """Write the app as it says a word."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content.replace("WORD", word), encoding="utf-8")

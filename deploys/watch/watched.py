"""What a part of the house has watched: each says so itself, and the watch knows none of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Daily:
    """What is looked at once a day."""

    name: str
    module: ModuleType
    """What runs on the host; its `problems(settings)` lists what is wrong, each in one line."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Watched:
    """What one part of the house has watched."""

    units: tuple[str, ...] = ()
    """Units whose failure is told, or patterns like `shop-*`."""
    looks: tuple[Daily, ...] = field(default=())

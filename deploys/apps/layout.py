"""Where an app's things are on the host: paths, units and ports, all from its name. Pure."""

from dataclasses import dataclass
from typing import Literal

Slot = Literal["a", "b"]

LIVE = "/var/lib/gatehouse/live"
"""A directory that anyone may read: `<app>-b` is there while slot b has the traffic."""


@dataclass(frozen=True)
class Layout:
    """The paths, units and ports of one app."""

    app: str
    port: int
    """The port of slot a; slot b has the next one."""

    @property
    def user(self) -> str:
        return f"app-{self.app}"

    @property
    def home(self) -> str:
        return f"/srv/{self.app}"

    @property
    def releases(self) -> str:
        """Numbered, immutable releases."""
        return f"{self.home}/releases"

    def slot(self, slot: Slot) -> str:
        """Give the link that names the release which the slot runs."""
        return f"{self.home}/slots/{slot}"

    def unit(self, slot: Slot) -> str:
        """Give the name of the slot's unit, without `.service`."""
        return f"gatehouse-{self.app}-{slot}"

    def slot_port(self, slot: Slot) -> int:
        return self.port + (slot == "b")

    @property
    def b_is_live(self) -> str:
        """The file whose presence gives slot b the traffic, and whose absence gives it to slot a."""
        return f"{LIVE}/{self.app}-b"

"""Where a lab keeps its files and what it calls its things in the kernel; pure."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from tests.lab.errors import LabError

CHECKOUT = Path(__file__).resolve().parents[2]
STATE_VARIABLE = "GATEHOUSE_LAB_STATE"
CACHE_VARIABLE = "GATEHOUSE_LAB_CACHE"
NAME = re.compile(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True)
class Layout:
    """One lab: its state directory is its identity, so two checkouts never share a name in the kernel."""

    state: Path

    @classmethod
    def of(cls, state: Path | None = None) -> "Layout":
        chosen = state or Path(os.environ.get(STATE_VARIABLE) or CHECKOUT / ".lab")
        return cls(chosen.resolve())

    @property
    def id(self) -> str:
        return hashlib.sha256(str(self.state).encode()).hexdigest()[:6]

    @property
    def cache(self) -> Path:
        """The images that all labs of a host share."""
        return Path(os.environ.get(CACHE_VARIABLE) or "/var/cache/gatehouse-lab")

    @property
    def lock(self) -> Path:
        return self.state / "lock"

    @property
    def servers(self) -> Path:
        return self.state / "servers"

    @property
    def beside(self) -> Path:
        """Where the labs are that go with this one."""
        return self.state / "beside"

    @property
    def images(self) -> Path:
        return self.state / "images"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def ssh(self) -> Path:
        return self.state / "ssh"

    # A link's name has at most 15 characters.
    @property
    def link_prefix(self) -> str:
        return f"gh{self.id}"

    @property
    def bridge(self) -> str:
        return f"{self.link_prefix}br"

    def veth(self, number: int) -> str:
        return f"{self.link_prefix}v{number}"

    def mac(self, number: int) -> str:
        """The same at every boot: a neighbour that remembers another one would be deaf for half a minute."""
        return ":".join(["02", *(self.id[at : at + 2] for at in (0, 2, 4)), "00", f"{number:02x}"])

    @property
    def namespace_prefix(self) -> str:
        return f"gatehouse-{self.id}-"

    def namespace(self, name: str) -> str:
        return f"{self.namespace_prefix}{name}"

    @property
    def table(self) -> str:
        return f"gatehouse_{self.id}"


def checked_name(name: str, what: str) -> str:
    if NAME.fullmatch(name):
        return name
    msg = f"{what} {name!r}: use up to 32 of a-z, 0-9 and -, beginning with a letter, for example web-1"
    raise LabError(msg)

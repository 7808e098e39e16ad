"""What root installs from package indexes, by version and digests, as `make pins` wrote it down. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

_HEAD = re.compile(r"^([a-z0-9-]+)==([^\s;]+)")
_NEEDED_BY = re.compile(r"^ +# via (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """One version of a package, and the digests of what may be installed as that."""

    name: str
    version: str
    needed_by: frozenset[str]
    text: str
    """As pip reads it: version, marker and digests."""

    @property
    def bare(self) -> str:
        """Version and marker, without the digests."""
        return self.text.splitlines()[0].removesuffix(" \\")


def read(path: Path) -> list[Pin]:
    """Read a list; a package is in it once for each version that some Python needs."""
    _, *pieces = re.split(r"^(?=[a-z0-9])", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_pin(piece) for piece in pieces]


def needed(pins: Sequence[Pin], names: Collection[str]) -> list[Pin]:
    """Choose the packages named, and all that they need."""
    wanted = frozenset(names)
    while more := {pin.name for pin in pins if pin.needed_by & wanted} - wanted:
        wanted |= more
    return [pin for pin in pins if pin.name in wanted]


def _pin(text: str) -> Pin:
    name, version = _HEAD.findall(text)[0]
    needed_by = _NEEDED_BY.findall(text)[0].split(", ")
    return Pin(name, version, frozenset(needed_by), _NEEDED_BY.sub("", text).strip() + "\n")

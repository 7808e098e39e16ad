"""What is done on a host to bring an app to where it must be. Pure."""

from dataclasses import dataclass

from deploys.places.apps import Slot


@dataclass(frozen=True)
class Build:
    """Make a new release, after removing what was never finished."""

    number: int


@dataclass(frozen=True)
class Hold:
    """Have systemd hold ports, so that nobody else can listen there."""

    ports: tuple[int, ...]


@dataclass(frozen=True)
class LetGo:
    """Give ports up that the app does not need any more."""

    ports: tuple[int, ...]


@dataclass(frozen=True)
class Before:
    """Run the commands of a release that come before the switch."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Start:
    """Run a release in a slot that has no traffic, and wait until it is healthy."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Resume:
    """Start what has stopped in a slot that the proxy leads to, and leave the rest of it alone."""

    slot: Slot
    release: int
    units: frozenset[str] | None = None
    """What of it runs as long as it has the traffic; what the settings say unless given."""


@dataclass(frozen=True)
class Try:
    """Ask what runs in a slot for the health path of the settings, and leave it as it is."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Return:
    """Start the former release again in its slot, just as it was, and wait until it is healthy."""

    slot: Slot
    release: int
    units: frozenset[str]


@dataclass(frozen=True)
class Switch:
    """Give a slot the traffic, and the next boot."""

    slot: Slot
    release: int
    units: frozenset[str] | None = None
    """Its units that run as long as it has the traffic; those of the settings unless given."""
    due: bool = False
    """Whether its release has commands that come after the switch."""
    is_back: bool = False
    """Whether this is a rollback, from what has the traffic until then."""


@dataclass(frozen=True)
class After:
    """Run the commands of a release that come after the switch."""

    slot: Slot
    release: int


@dataclass(frozen=True)
class Drain:
    """Stop a slot that has no traffic, once nothing is connected to it any more."""

    slot: Slot


@dataclass(frozen=True)
class Prune:
    """Remove releases that nothing needs."""

    numbers: tuple[int, ...]


Step = Build | Hold | LetGo | Before | Start | Resume | Try | Return | Switch | After | Drain | Prune

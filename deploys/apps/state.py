"""What a host has of an app, and what it must have. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from deploys.places.apps import Slot

Ports = Mapping[int, Mapping[str, str]]
"""Ports that systemd must hold, each with path and digest of the files that say so."""


@dataclass(frozen=True)
class Release:
    """A release that is whole."""

    number: int
    digest: str
    """Of everything that it was built from."""
    commit: str | None = None
    created: int = 0
    """Seconds since 1970."""
    runs: bool = True
    """Whether the Python that it was built with is still there."""
    is_startable: bool = True
    """Whether it has what the units of now start a server by."""


@dataclass(frozen=True)
class Address:
    """Where a proxy finds an app, and what it takes off the paths that it passes on."""

    port: int
    """Of slot a; slot b has the next one."""
    prefix: str
    """The path under which the app's users see it; empty for the root."""
    is_public: bool = False
    """Whether a load balancer reaches it, and is believed; else that is a proxy of ours alone."""

    def __str__(self) -> str:
        front = " and a load balancer before it" if self.is_public else ""
        return f"port {self.port} and prefix {self.prefix!r}{front}"


@dataclass(frozen=True)
class Socket:
    """What there is of the units that hold a port."""

    files: Mapping[str, str]
    """Path to digest of their files."""
    is_held: bool
    """Whether systemd holds the port now, and will after a boot."""


@dataclass(frozen=True)
class Made:
    """What a release is made of and runs by, in digests."""

    source: str | None
    """Of its files; not known of what an earlier gatehouse has released."""
    settings: str | None
    """Of the app's settings and secrets, and of where its users find it."""
    formerly: str | None = field(default=None, repr=False, compare=False)
    """The same, in the kind of digest in which it may have been written down; it is sent nowhere."""

    def is_as(self, written: "Made") -> bool:
        """Say whether it is what was written down, in whichever kind."""
        kinds = {self.settings, self.formerly or self.settings}
        return self.source == written.source and written.settings in kinds


@dataclass(frozen=True)
class Turn:
    """One time that a release got the traffic."""

    release: int
    slot: Slot
    made: Made = Made(None, None)
    is_back: bool = False
    """Whether it got the traffic by a rollback, from the release of the turn before."""
    by: str = ""
    at: int = 0
    """Seconds since 1970."""

    def is_of(self, release: int, made: Made) -> bool:
        """Say whether it was the turn of a release, with the settings given."""
        return made.is_as(self.made) if self.made.source else self.release == release


@dataclass(frozen=True)
class SlotFound:
    """What a slot is at the moment."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Path to digest of the files that say what it runs."""
    release: int | None = None
    """The release that its unit names."""
    running: frozenset[str] = frozenset()
    """Its units that run now."""
    enabled: frozenset[str] = frozenset()
    """Its units that the next boot starts."""
    units: frozenset[str] = frozenset()
    """Its units that run as long as it has the traffic."""
    served: bool = False
    """Whether it has had the traffic as it is now."""
    due: bool = False
    """Whether its release has commands that come after the switch and have not succeeded yet."""
    health: str | None = None
    """The health path that it has answered, if that is known."""
    address: Address | None = None
    """The one that its unit names, if it does."""
    binds: int | None = None
    """The port at which its server listens by itself, as it did before systemd held ports."""


@dataclass(frozen=True)
class Found:
    """What the host has of an app."""

    releases: tuple[Release, ...] = ()
    broken: tuple[int, ...] = ()
    """Numbers of releases that were never finished, or have lost the mark that says so."""
    slots: Mapping[Slot, SlotFound] = field(default_factory=dict)
    live: Slot = "a"
    """The slot that the traffic goes to, whether or not it runs."""
    history: tuple[Turn, ...] = ()
    """When which release got the traffic, the latest last."""
    current: int | None = None
    """The release to which the link leads."""
    published: frozenset[str] = frozenset()
    """The names under which folders of that release are public."""
    sockets: Mapping[int, Socket] = field(default_factory=dict)
    """What there is of units that hold ports."""

    @property
    def unfinished(self) -> tuple[int, ...]:
        """The broken releases that were never finished: a slot that has one got it whole."""
        had = {slot.release for slot in self.slots.values()}
        return tuple(number for number in self.broken if number not in had)

    def slot(self, slot: Slot) -> SlotFound:
        return self.slots.get(slot, SlotFound())

    def rolled_back(self, release: int, made: Made) -> tuple[Turn, Turn] | None:
        """Give the turn that a rollback ended, and the rollback, unless the release had another one since."""
        ended = None
        for before, turn in pairwise(self.history):
            if turn.is_back and before.is_of(release, made):
                ended = before, turn
            elif turn.is_of(release, made):
                ended = None
        return ended


@dataclass(frozen=True)
class SlotWanted:
    """What a slot must be when it has the traffic."""

    files: Mapping[str, str]
    """Path to digest of the files that say what it runs."""
    units: frozenset[str]
    """Its units that must run."""


@dataclass(frozen=True)
class Wanted:
    """What a host must have of an app."""

    digest: str
    """Of everything that a release is built from."""
    slot: Callable[[Slot, int], SlotWanted]
    """What a slot must be to run a release."""
    keep: int
    """How many releases stay."""
    address: Address | None = None
    """Where the proxy will find it."""
    ports: Ports = field(default_factory=dict)
    before: bool = False
    """Whether there are commands to run before a switch."""
    after: bool = False
    """Whether there are commands to run after a switch."""
    published: frozenset[str] = frozenset()
    """The names under which folders of the release must be public."""
    made: Made = Made(None, None)
    health: str | None = None
    """The health path that it must answer."""
    again: bool = False
    """Whether it is to have the traffic though it was rolled back from."""

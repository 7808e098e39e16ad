"""One thing that a stranger tries: when, of what kind, how, and what is to come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Moment = Literal[
    "dry run",
    "build",
    "release",
    "start",
    "run",
    "command",
    "stop",
    "crash",
    "rollback",
    "status",
    "backup",
    "forget",
]
Kind = Literal[
    "root runs",  # a program, a module or a setting of the stranger's
    "root follows",  # a link, a pipe, a name
    "traffic",  # of the neighbour
    "publishes",  # the proxy
    "poisons",  # one build the next
    "controller",  # where the operator works
    "terminal",  # of the operator
    "reaches",  # addresses and sockets
    "reads",
    "writes",
    "kernel",
    "processes",
]
Act = Literal["dry", "spy", "links", "specials", "daemon", "after", "forget", "last"]
"""What the play does with the stranger, in this order."""


class Scene(Protocol):
    """The stage as the ends of attempts look at it."""

    def root_sees(self, command: str) -> str:
        """Give what a command of root's shows on the server."""

    def fetch(self, path: str) -> str:
        """Ask the stranger's site from outside."""

    def screen(self, name: str) -> str:
        """Give what reached the operator's terminal, as it came."""

    def asked(self) -> str:
        """Give what the played services were asked for, a line each."""

    def canary(self, name: str) -> str:
        """Give what a program of the stranger's left on the controller."""


class End(Protocol):
    """What is to come of an attempt."""

    def look(self, scene: Scene, said: str) -> str:
        """See what has come of it, after the act; `said` is how it ended by its own account."""

    def problem(self, seen: str) -> str | None:
        """Say what is wrong with that."""


@dataclass(frozen=True)
class Attempt:
    moment: Moment
    kind: Kind
    tries: str
    does: str
    """An expression of `hostile/stranger/tools/`; empty where the act itself is the attempt."""
    ends: End
    act: Act = "spy"
    root_can: bool = False
    """Whether root is let in where the stranger is not, so that there is something to be kept from."""

    def __str__(self) -> str:
        return f"{self.moment}, {self.kind}: {self.tries}"

    @property
    def seen(self) -> Act:
        """The act at whose end it shows what has come of it."""
        return "links" if self.moment == "stop" or self.kind == "poisons" else self.act

    @property
    def tells(self) -> bool:
        """Whether it says itself how it ended; what a release is made of, and forgotten with, does not."""
        return bool(self.does) and self.moment not in {"release", "forget"}

    def row(self, facts: Mapping[str, object]) -> dict[str, str]:
        """Give it as the stranger takes it, with the names and numbers of this server."""
        return {"tries": self.tries, "does": self.does.format_map(facts)}

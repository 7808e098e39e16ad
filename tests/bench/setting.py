"""How much is measured."""

from dataclasses import dataclass

from tests.bench import targets
from tests.lab.debian import DEFAULT


@dataclass(frozen=True)
class Setting:
    """What the command line says; what is promised is promised of as much as stands here."""

    debian: str = DEFAULT
    deploys: int = targets.DEPLOYS
    rate: int = targets.RATE
    """Requests a second to each app."""
    rounds: int = 5
    """How often proxies and reruns are measured in turn, of which the medians count."""

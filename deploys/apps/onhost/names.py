"""Anywhere: whose a unit is, by its name alone; no name is read as two apps', and no app's is a pattern."""

import re
from typing import NamedTuple

_APP = r"(?P<app>[a-z](?:[a-z0-9-]*[a-z0-9])?)"
_OWN = r"[a-z](?:[a-z0-9-]*[a-z0-9])?"
_NAMES = tuple(
    map(
        re.compile,
        (
            # `gatehouse-shop-a.port-8010.socket` is of the app `shop-a`, and nothing of `shop`'s slot a.
            rf"gatehouse-{_APP}\.(?P<part>port)-\d+\.(?:socket|service)",
            rf"gatehouse-{_APP}-(?P<part>[ab])\.(?:(?:(?:process|job|hook)-{_OWN}\.)?service|job-{_OWN}\.timer)",
            rf"gatehouse-{_APP}-(?P<part>build)\.service",
            rf"gatehouse\.(?P<part>run)\.{_APP}\.[0-9a-f]+\.service",
        ),
    )
)


class Owner(NamedTuple):
    """An app, and a part of it."""

    app: str
    part: str
    """A slot (`a` or `b`), a `port`, a `build`, or a command of somebody's (`run`)."""


def owner(unit: str) -> "Owner | None":
    """Say whose a unit is; of none that is no app's."""
    found = next(filter(None, (name.fullmatch(unit) for name in _NAMES)), None)
    return Owner(found["app"], found["part"]) if found else None


def is_of(app: str, unit: str) -> bool:
    """Say whether a unit is an app's."""
    found = owner(unit)
    return found is not None and found.app == app

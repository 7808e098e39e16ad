"""The users of apps: who is there, and whether what an app has is still its own."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host

from deploys import remote
from deploys.apps import build
from deploys.apps.onhost import users as users_onhost
from deploys.places.apps import NOWHERE, AppPlaces

Numbers = tuple[int | None, int | None]
"""Of a user and its group."""


@dataclass(frozen=True)
class User:
    """What a host has of an app's user."""

    numbers: tuple[int, int] | None = None
    """Its own and its group's; none where it is not there."""
    owns: Numbers = (None, None)
    """Those on the app's directories; none where there are no such."""
    holders: tuple[str | None, str | None] = (None, None)
    """Who has these now."""

    is_known: bool = False
    """Whether the fragment of sysusers.d is as it must be, and its home as that says."""
    is_closed: bool = True
    """Whether nobody but root can read of what its releases were made."""

    @property
    def is_as_wanted(self) -> bool:
        return self.numbers is not None and self.is_known and self.is_closed


def question(places: AppPlaces) -> dict[str, Any]:
    """Say where the look finds an app's things."""
    return {
        "user": places.user,
        "state": places.state,
        "releases": places.releases,
        "sysusers": places.sysusers,
        "sysusers_content": build.sysusers(places),
        "history": places.history,
        "nowhere": NOWHERE,
    }


def user_from(data: Mapping[str, Any]) -> User:
    """Make a `User` of what the look says."""
    numbers = data["numbers"] and (data["numbers"][0], data["numbers"][1])
    owns, holders = tuple(data["owns"]), tuple(data["holders"])
    return User(numbers, owns, holders, data["is_known"], data["is_closed"])


def refusal(places: AppPlaces, found: User) -> str | None:
    """Say why an app's things are not its user's any more, and what to do about it; nothing if they are."""
    user, mine = places.user, (places.state, places.releases)
    for kind, option, number, holder, path in zip(
        ("user", "group"), ("--uid", "--gid"), found.owns, found.holders, mine, strict=True
    ):
        if number is None or holder == user:
            continue
        program = f"{kind}mod"
        if holder is not None:
            return (
                f"{places.app}: number {number}, which is on {path}, is {kind} {holder}'s now: give {holder}"
                f" another with `{program} {option} NUMBER {holder}`, see that it owns nothing of the app's,"
                " and run again"
            )
        if found.numbers is not None:
            return (
                f"{places.app}: {kind} {user} has another number than what it owned, {path} among it: stop"
                f" its units, give it back with `{program} {option} {number} {user}`, and run again"
            )
    return None


@operation()
def make_users(
    all_places: Sequence[AppPlaces], look: Callable[[], Mapping[str, User]]
) -> Generator[StringCommand, None, None]:
    """Make the users that are missing, and the directories of their apps, before anything of theirs runs.

    What an earlier gatehouse left for anyone to read is closed.

    Args:
        all_places: where the things of all apps of the settings are.
        look: gives the users that the host has, by app.

    """
    found = look()
    refusals = [refusal(places, found.get(places.app, User())) for places in all_places]
    if any(refusals):
        yield remote.refuse("\n".join(filter(None, refusals)))
        return
    missing = [places for places in all_places if not found.get(places.app, User()).is_as_wanted]
    if not missing:
        host.noop("the users of apps are there")
        return
    for places in missing:
        has = found.get(places.app, User())
        if has.numbers is None and has.owns != (None, None):
            words = f"user {places.user} was deleted, make it again"
            logger.info("%s%s: %s", host.print_prefix, places.app, words)
    yield remote.run(users_onhost, [_plain(places) for places in missing])


def _plain(places: AppPlaces) -> dict[str, Any]:
    return {
        "app": places.app,
        "user": places.user,
        "home": places.home,
        "history": places.history,
        "releases": places.releases,
        "sysusers": places.sysusers,
        "nowhere": NOWHERE,
        "sysusers_content": build.sysusers(places),
    }

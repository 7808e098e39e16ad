"""What a user is told of an app on a host. Pure."""

from deploys.apps.state import Found
from deploys.places.apps import other


def traffic(before: Found, now: Found) -> str:
    """Say which release has the traffic, and which had it before."""
    had, has = _served(before), _served(now)
    if has is None:
        return "no release has the traffic yet"
    runs = "" if now.slot(now.live).running else ", but does not run"
    words = f"release {has}{_commit(now, has)} has the traffic{runs}"
    if had in {None, has}:
        return words if had is None or has != had else words.replace(" has ", " still has ", 1)
    return f"{words}, {had} had it before"


def can_go_back(now: Found) -> bool:
    """Say whether a former release is there to go back to, just as it was."""
    return now.slot(other(now.live)).served


def _served(found: Found) -> int | None:
    slot = found.slot(found.live)
    return slot.release if slot.served else None


def _commit(found: Found, number: int) -> str:
    release = next((one for one in found.releases if one.number == number), None)
    return f" of commit {release.commit}" if release and release.commit else ""

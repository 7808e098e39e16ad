"""What a user is told of an app on a host. Pure."""

from datetime import UTC, datetime

from deploys.apps import steps
from deploys.apps.release import Release
from deploys.apps.state import Found, Turn
from deploys.onhost.words import shown


def traffic(before: Found, now: Found) -> str:
    """Say which release has the traffic, and which had it before."""
    had, has = _served(before), _served(now)
    if has is None:
        return "no release has the traffic yet"
    runs = "" if now.slot(now.live).running else ", but does not run"
    words = f"release {has}{_commit(now, has)} has the traffic{runs}"
    is_back = bool(now.history) and now.history[-1].is_back
    if had not in {None, has}:
        return f"{words}, {had} had it before"
    if had is not None and before.live != now.live:
        return f"{words}, {'as it was before' if is_back else 'started anew'}"
    if is_back:
        words += ", by a rollback"
    if had == has and _running(before) < _running(now):
        return f"{words}, started again"
    return words if had is None else words.replace(" has ", " still has ", 1)


def is_moved(before: Found, now: Found) -> bool:
    """Say whether something else has the traffic now than what had it before."""
    return before.slot(before.live).served and before.live != now.live and now.slot(before.live).served


def step(release: Release, step: steps.Step) -> str:  # noqa: PLR0911  # one for each kind of step
    """Say what a step does."""
    match step:
        case steps.Build(number):
            return (
                f"build release {number} of {release.source.described}, and install {release.recipe.installs}"
            )
        case steps.Hold(ports):
            return f"have systemd hold port {' and '.join(map(str, ports))}"
        case steps.LetGo(ports):
            return f"give up port {' and '.join(map(str, ports))}"
        case steps.Before(_, number):
            return f"run the commands of release {number} that come before the switch"
        case steps.Start(slot, number):
            return f"start release {number} in slot {slot} and wait until it is healthy"
        case steps.Resume(slot, number):
            return f"start again what has stopped of release {number} in slot {slot}"
        case steps.Try(slot, number):
            return f"ask release {number} in slot {slot} for {release.app.health.path}, its health path now"
        case steps.Return(slot, number):
            return f"start release {number} in slot {slot} again as it was, and wait until it is healthy"
        case steps.Switch(slot, number):
            return f"give the traffic to release {number} in slot {slot}"
        case steps.After(_, number):
            return f"run the commands of release {number} that come after the switch"
        case steps.Drain(slot):
            return f"drain slot {slot}, then stop it"
        case steps.Prune(numbers):
            return f"remove release {', '.join(str(number) for number in numbers)}"


def stays(now: Found, ended: tuple[Turn, Turn]) -> str:
    """Say what keeps the traffic where a release is held back, whose last turn and its end are given."""
    turn, rollback = ended
    if turn.release == rollback.release:
        return f"stays at release {rollback.release} as it was before, since its settings were rolled back"
    return f"stays at release {now.slot(now.live).release}, as {turn.release} was rolled back from"


def held_back(app: str, ended: tuple[Turn, Turn], again: str) -> str:
    """Say why a release does not get the traffic again.

    Args:
        app: its app.
        ended: the release's last turn, and the rollback that ended it.
        again: the command that releases it all the same.

    """
    turn, rollback = ended
    remedy = f"change the app or its settings, or release it all the same: {again}"
    what = f"release {turn.release}"
    if turn.release == rollback.release:
        what += ", as the settings have it,"
    return f"{app}: {what} was rolled back from{_when(rollback)}; {remedy}"


def forward(before: Found) -> str | None:
    """Say that a rollback is undone, where what has the traffic has it by one."""
    if not before.history or not before.history[-1].is_back:
        return None
    *_, former, rollback = before.history
    what = f"a rollback from release {former.release} to {rollback.release}"
    if former.release == rollback.release:
        what = f"release {former.release} was rolled back to what it was"
    return f"go forward again, after {what}{_when(rollback)}"


def _when(turn: Turn) -> str:
    at = datetime.fromtimestamp(turn.at, tz=UTC).strftime("%Y-%m-%d %H:%M")
    return f" by {shown(turn.by, 40)} at {at} UTC"


def _running(found: Found) -> frozenset[str]:
    slot = found.slot(found.live)
    return slot.running & slot.units


def _served(found: Found) -> int | None:
    slot = found.slot(found.live)
    return slot.release if slot.served else None


def _commit(found: Found, number: int) -> str:
    release = next((one for one in found.releases if one.number == number), None)
    return f" of commit {release.commit}" if release and release.commit else ""

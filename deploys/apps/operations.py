"""Building and releasing an app, each an operation whose steps come from the plan."""

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from functools import partial
from typing import TypeVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import invocation, remote
from deploys.apps import arguments, outcomes, told
from deploys.apps.observe import Observer
from deploys.apps.onhost import lock
from deploys.apps.plan import Impossible, around_proxy, back, held_back, plan
from deploys.apps.release import Release
from deploys.apps.state import Found
from deploys.apps.steps import Before, Build, Hold, Start, Step, Switch
from deploys.base.files import show
from deploys.refusal import Refusal

Kind = TypeVar("Kind", bound=Step)


@operation()
def look_around(observer: Observer) -> Generator[StringCommand, None, None]:
    """Warn of apps that are on the host, where the settings have none at all."""
    observer.tell_unwanted()
    host.noop("there are no apps in the settings")
    yield from ()


@operation()
def build_release(release: Release, observer: Observer) -> Generator[StringCommand, None, None]:
    """Build a release of the app's source where the host has none yet, once its ports are held."""
    observer.tell_unwanted()
    if not any(isinstance(step, Build) for step in _steps(release, observer)):
        host.noop(f"{release.name}: its release is built")
        return
    yield from _take(release, observer, lambda found: _until(Build, plan(release.wanted, found)))


@operation()
def run_hooks_before(release: Release, observer: Observer) -> Generator[StringCommand, None, None]:
    """Run the commands that must have succeeded before any host gets the release, once its ports are held."""
    steps = _steps(release, observer)
    if not _only(steps, Before):
        host.noop(f"{release.name}: nothing to run before the switch")
        return
    yield from _take(
        release,
        observer,
        lambda found: _until(Before, plan(release.wanted, found)),
        known=_until(Build, steps),
    )


@operation()
def move_traffic(release: Release, observer: Observer, leader: str) -> Generator[StringCommand, None, None]:
    """Start the release in the idle slot, give it the traffic when it is healthy, and drain the other.

    One that the proxy does not find yet is only started.

    Args:
        release: what is to have the traffic.
        observer: what knows the host.
        leader: the name of the host that runs the hooks; where it failed, nothing moves.

    """

    def work_out(found: Found) -> list[Step]:
        now, _ = around_proxy(release.wanted, found)
        return [step for step in now if not isinstance(step, Build | Before)]

    found = observer.found(release.name)
    steps = work_out(found)
    is_last = not _after_proxy(release, found)
    if not state.is_executing and (ended := held_back(release.wanted, found)):
        _say(release, told.stays(found, ended))
    if not steps:
        host.noop(f"{release.name}: its release has the traffic")
        return
    if any(failed.name == leader for failed in state.failed_hosts) or (
        leader != host.name and outcomes.has_failed(leader, release.name)
    ):
        yield remote.refuse(f"{release.name}: nothing was changed, because it failed on {leader}")
        return
    if state.config.DIFF:
        _show(release, steps)
    planned = _steps(release, observer)
    known = [*_until(Build, planned), *_until(Before, planned)]
    yield from _take(release, observer, work_out, known=known)
    if is_last:
        yield remote.run(lock, release.lock(end=True))


def is_to_move(release: Release, observer: Observer) -> bool:
    """Say whether a release gets the traffic only once the proxy knows where it is."""
    return bool(_after_proxy(release, observer.found(release.name)))


@operation()
def finish_move(release: Release, observer: Observer) -> Generator[StringCommand, None, None]:
    """Give the traffic to what the proxy did not find before, and drain what had it.

    Args:
        release: one of those on the host, the proxy's configuration for it being live.
        observer: what knows the host.

    """
    if is_to_move(release, observer):
        yield from _take(release, observer, partial(_after_proxy, release))
        yield remote.run(lock, release.lock(end=True))


@operation()
def sum_up(releases: Sequence[Release], observer: Observer) -> Generator[StringCommand, None, None]:
    """Fail if any app has failed or is held back, now that all else has had its turn."""
    failed = [one.name for one in releases if outcomes.has_failed(host.name, one.name)]
    lines = [f"failed, see above: {', '.join(failed)}; all else was done"] if failed else []
    for one in releases:
        if ended := held_back(one.wanted, observer.found(one.name)):
            again = invocation.line("site", again="yes")
            lines.append(told.held_back(one.name, ended, again))
    if lines:
        yield remote.refuse("\n".join(lines))
        return
    host.noop("no app has failed")


@operation()
def roll_back(
    release: Release, observer: Observer, number: int | None = None
) -> Generator[StringCommand, None, None]:
    """Give the traffic back to a release that is still on the host.

    Args:
        release: the app and its settings.
        observer: what knows the host.
        number: the release; the former one, just as it was, unless given.

    """
    try:
        steps = back(observer.found(release.name), number, release.address, release.ports)
    except Impossible as reason:
        yield remote.refuse(f"{release.name}: {reason}")
        return
    if not steps:
        host.noop(f"{release.name}: release {number} has the traffic")
        return
    if _only(steps, Start):
        try:
            release.read_secrets()
        except Refusal as refusal:
            yield remote.refuse(str(refusal))
            return
    yield from _take(release, observer, lambda found: back(found, number, release.address, release.ports))
    yield remote.run(lock, release.lock(end=True))


def _take(
    release: Release,
    observer: Observer,
    work_out: Callable[[Found], Iterable[Step]],
    known: Collection[Step] = (),
) -> Generator[StringCommand, None, None]:
    """Take steps, one after the other, as they are once nobody else is at work.

    Args:
        release: the app and its settings.
        observer: what knows the host.
        work_out: gives the steps.
        known: what a plan needs not say, as an earlier operation's says it.

    """
    if not state.is_executing:
        found = observer.found(release.name)
        steps = list(work_out(found))
        moves = any(step.slot != found.live for step in _only(steps, Switch) if not step.is_back)
        if moves and (forward := told.forward(found)):
            _say(release, f"will {forward}")
        for step in steps:
            if step not in known:
                _say(release, f"will {told.step(release, step)}")
    yield remote.run(lock, release.lock())
    found = observer.found(release.name)
    for step in work_out(found):
        _say(release, told.step(release, step))
        try:
            module, argument = arguments.of(release, step, found)
        except Refusal as refusal:  # a file of the source's that has gone since the plan was made
            yield remote.refuse(f"{release.name}: {refusal}")
            return
        yield remote.run(module, argument)


def _steps(release: Release, observer: Observer) -> tuple[Step, ...]:
    return plan(release.wanted, observer.found(release.name))


def _only(steps: Iterable[Step], kind: type[Kind]) -> list[Kind]:
    return [step for step in steps if isinstance(step, kind)]


def _until(kind: type[Step], steps: Iterable[Step]) -> list[Step]:
    """Give the step of a kind, and what holds ports before it."""
    found = list(steps)
    ends = [count for count, step in enumerate(found, 1) if isinstance(step, kind)]
    return [step for step in found[: max(ends, default=0)] if isinstance(step, Hold | kind)]


def _after_proxy(release: Release, found: Found) -> tuple[Step, ...]:
    return around_proxy(release.wanted, found)[1]


def _say(release: Release, words: str) -> None:
    logger.info("%s%s: %s", host.print_prefix, release.name, words)


def _show(release: Release, steps: Iterable[Step]) -> None:
    for step in steps:
        if isinstance(step, Start):
            for file in release.files(step.slot, step.release):
                show(file, None)

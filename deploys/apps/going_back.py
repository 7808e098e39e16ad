"""Going back to a release that an app had, and which app and release are meant."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from pyinfra.context import host, state

from deploys import invocation
from deploys.apps.deploy import release_of
from deploys.apps.observe import Observer
from deploys.apps.operations import roll_back
from deploys.apps.plan import Impossible, back
from deploys.apps.source import NOTHING
from deploys.base.machine import Machine
from deploys.config import Server
from deploys.config.remedies import meant
from deploys.onhost.run import Commands
from deploys.refusal import Refusal


@dataclass(frozen=True)
class Back:
    """An app of a host on its way back to a release that it had."""

    app: str
    observer: Observer

    def told(self, is_changed: bool) -> Iterator[str]:
        """Say which release has the traffic now, and which had it before."""
        yield f"{self.app}: {self.observer.told(self.app)}"

    def onward(self) -> Iterator[str]:
        """Say how to go forward again, where the traffic has moved."""
        if self.observer.is_moved(self.app):
            yield f"go forward again: {invocation.line('site', again='yes')}"


def go_back(server: Server, machine: Machine, obey: Commands, app: str | None, number: str | None) -> Back:
    """Give the traffic of an app back to a release that is still there.

    Args:
        server: the settings.
        machine: what the host is.
        obey: as for `deploy`.
        app: its name; it can be left out where there is only one.
        number: the release; the former one unless given.

    Returns:
        what says which release has the traffic then, and how to go forward again.

    Raises:
        Refusal: it is not clear what is meant, or there is nothing to go back to.

    """
    try:
        name, to = which_app(server.apps, app), which_release(number)
    except ValueError as refusal:
        raise Refusal(f"{host.name}: {refusal}") from None
    release = replace(release_of(server, machine, name, NOTHING, builds=False), obey=obey)
    observer = Observer([release.places])
    try:
        back(observer.found(name), to, release.address, release.ports)
    except Impossible as reason:
        others = f"; leave it out with --exclude {host.name}" if len(state.activated_hosts) > 1 else ""
        raise Refusal(f"{host.name}: {name}: {reason}{others}") from None
    roll_back(name=f"Roll {name} back", release=release, observer=observer, number=to)
    return Back(name, observer)


def which_app(apps: Collection[str], app: str | None) -> str:
    """Give the app that is meant, which need not be named where it is the only one.

    Args:
        apps: all that there are.
        app: its name, if that was said.

    Raises:
        ValueError: there is none of that name, or one has to be named.

    """
    if app is None and len(apps) == 1:
        return next(iter(apps))
    if app in apps:
        return str(app)
    if not apps:
        raise ValueError("there is no app yet: write one to apps in the settings")
    known = ", ".join(sorted(apps))
    if app is None:
        raise ValueError(f"which app? Add {invocation.option('app', 'NAME')} with one of: {known}")
    raise ValueError(f"app: {app!r}: {meant(app, apps)}write one of the apps: {known}")


def which_release(number: str | None) -> int | None:
    """Give the release that is meant, None for the former one.

    Raises:
        ValueError: it is no number.

    """
    if number is None:
        return None
    if not str(number).isdecimal():
        raise ValueError(f"to: {number!r}: write the number of a release, as status.py shows it")
    return int(number)

"""Apps: their users, releases, slots and units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pyinfra.api.operation import OperationMeta
from pyinfra.context import host, state

from deploys import invocation, saying
from deploys.apps import images, outcomes, told
from deploys.apps.build import recipe
from deploys.apps.indexes import password_files, read_ca_bundle, read_logins_of
from deploys.apps.observe import Observer, look_at
from deploys.apps.operations import (
    build_release,
    finish_move,
    is_to_move,
    look_around,
    move_traffic,
    run_hooks_before,
    sum_up,
)
from deploys.apps.plan import Impossible, back, held_back, plan
from deploys.apps.reached import reached
from deploys.apps.reading import read_sources
from deploys.apps.release import Release
from deploys.apps.source import Source
from deploys.apps.users import make_users, refusal
from deploys.base.machine import Machine
from deploys.config import App, AppRoute, Server
from deploys.config.secrets import EnvFileSecret, FromFile
from deploys.env_file import with_env_file
from deploys.firewall.operations import close_off
from deploys.firewall.wall import walls
from deploys.looks import Look
from deploys.once import Once
from deploys.onhost.run import Commands
from deploys.places.apps import AppPlaces
from deploys.refusal import Refusal
from deploys.routing import folders_of, prefix_of
from deploys.secrets import read_secret

_sources: Once[Source] = Once()
"""Read once for all hosts that have the app: they get the same, and git is asked once."""


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the server's apps need."""
    of_images = images.PACKAGES if any(app.is_image for app in server.apps.values()) else ()
    return ("nftables", "python3-venv", *of_images) if server.apps else ()


def looks(server: Server) -> tuple[Look, ...]:
    """List what is looked at for the server's apps."""
    all_places = [AppPlaces(app, server.port(app)) for app in sorted(server.apps)]
    return (look_at(all_places, walls(server)),)


@dataclass(frozen=True)
class Moves:
    """The apps of a host on their way to the releases that they are to run."""

    server: Server
    releases: list[Release]
    observer: Observer

    def reached(self) -> Server:
        """Give the settings as far as the apps have got: one that failed is still where it was."""
        failed = [one.name for one in self.releases if outcomes.has_failed(host.name, one.name)]
        return reached(self.server, {name: self.observer.found(name) for name in failed})

    def finish(self) -> None:
        """Give the traffic to releases with another port or prefix, now that the proxy knows of it."""
        for one in self.releases:
            if is_to_move(one, self.observer):
                name = f"Move {one.name} to its other port or prefix"
                _follow(one, finish_move(name=name, release=one, observer=self.observer, **_alone(one)))

    def sum_up(self) -> None:
        """Have the run fail, now that all else is done, where an app has failed or is held back."""
        held = [one.name for one in self.releases if held_back(one.wanted, self.observer.found(one.name))]
        if held or any(outcomes.will_change(host.name, one.name) for one in self.releases):
            name = f"Apps: held back by a rollback: {', '.join(held)}"
            if not held:
                name = saying.of_all("Apps", "are as wanted")
            sum_up(name=name, releases=self.releases, observer=self.observer)

    def told(self, is_changed: bool) -> Iterator[str]:
        """Say of each app which release has the traffic now, and which had it before."""
        for one in self.releases:
            cause = outcomes.cause(host.name, one.name)
            failed = f"failed: {cause}; " if cause else ""
            yield f"{one.name}: {failed}{self.observer.told(one.name)}"
            if is_changed and (left := plan(one.wanted, self.observer.found(one.name))):
                yield f"{one.name}: the next run will {', '.join(told.step(one, step) for step in left)}"

    def onward(self) -> Iterator[str]:
        """Say how to go back, where the traffic has moved and can be given back."""
        if moved := [one.name for one in self.releases if self._can_go_back(one)]:
            which = {} if len(self.releases) == 1 else {"app": moved[0] if len(moved) == 1 else "NAME"}
            names = f" with {' or '.join(moved)}" if len(moved) > 1 else ""
            yield f"go back: {invocation.line('rollback', **which)}{names}"

    def _can_go_back(self, one: Release) -> bool:
        if not self.observer.is_moved(one.name):
            return False
        try:
            back(self.observer.found(one.name), None, one.address, one.ports)
        except Impossible:
            return False
        return True


def deploy(server: Server, machine: Machine, obey: Commands, *, again: bool = False) -> Moves:
    """Bring every app to the release that its source and settings ask for.

    What the proxy finds by its present configuration gets the traffic at once; the rest is started,
    and gets it by what is returned, to be finished once the proxy's new configuration is live.

    Args:
        server: the settings.
        machine: what the host is.
        obey: what has proxies heed marks that look at none by themselves.
        again: whether to release what was rolled back from.

    """
    wanted = [release_of(server, machine, app, _source(server, app)) for app in sorted(server.apps)]
    releases = [replace(release, again=again, obey=obey) for release in wanted]
    for release in releases:
        release.read_secrets()
    all_places = [release.places for release in releases]
    observer = Observer(all_places, walls(server))
    if not releases:
        look_around(name="Apps: none", observer=observer)
    if releases:
        _refuse_strange_users(all_places, observer)
        name = "Make the users of apps"
        make_users(name=name, all_places=all_places, look=observer.users)
        close_off(name="Close off apps", walls=walls(server), look=observer.firewall)
    for release in releases:
        name = f"Build {release.name}"
        _follow(release, build_release(name=name, release=release, observer=observer, **_alone(release)))
    for release in releases:
        with_it: dict[str, Any] = {"release": release, "observer": observer, **_alone(release)}
        if release.app.hooks.before:
            name = f"Prepare the switch of {release.name}"
            _follow(release, run_hooks_before(name=name, **with_it))
        name = f"Release {release.name}"
        _follow(release, move_traffic(name=name, leader=leader(release.name), **with_it))
    return Moves(server, releases, observer)


def _alone(release: Release) -> dict[str, Any]:
    """Give what has an operation hold up no other app where it fails, and done only while its own has not."""
    failed = partial(outcomes.has_failed, host.name, release.name)
    return {"_ignore_errors": True, "_if": lambda: not failed()}


def _follow(release: Release, step: OperationMeta) -> None:
    outcomes.follow(host.name, release.name, step)


def _refuse_strange_users(all_places: Sequence[AppPlaces], observer: Observer) -> None:
    found = observer.users()
    lines = [refusal(places, found[places.app]) for places in all_places if places.app in found]
    if any(lines):
        raise Refusal("\n".join(f"{host.name}: {line}" for line in lines if line))


def _key(app: str) -> str:
    return f"{host.name}: apps[{app!r}]"


def _source(server: Server, app: str) -> Source:
    settings = server.apps[app]
    all_of_it = (settings.source, settings.include, *sorted(settings.sources.items()))
    return _sources.get(all_of_it, lambda: read_sources(settings, _key(app)))


def release_of(server: Server, machine: Machine, app: str, source: Source, *, builds: bool = True) -> Release:
    """Give an app's release as the settings ask for it.

    Args:
        server: the settings.
        machine: what the host is.
        app: its name.
        source: what it is made of.
        builds: whether it may have to be built, and not only started again.

    Raises:
        Refusal: a setting does not fit, or a secret would be part of the release.

    """
    settings = with_env_file(server.apps[app], _key(app))
    _refuse_secrets_within(source, settings, _key(app))
    if settings.is_image:
        images.refuse_elsewhere(machine.distribution, _key(app))
        images.refuse_variables([*settings.env, *settings.secrets], _key(app))

    def secret(name: str) -> str:
        return read_secret(settings.secrets[name], _key_of_secret(settings, name, _key(app)))

    indexes = f"{_key(app)}['indexes']"
    return Release(
        app=settings,
        places=AppPlaces(app, server.port(app)),
        source=source,
        recipe=recipe(settings, source),
        secret=secret,
        ca_bundle=read_ca_bundle(settings.indexes, indexes) if builds else "",
        index_logins=read_logins_of(settings, _key(app)) if builds else "",
        health_host=_health_host(server, app),
        prefix=prefix_of(app, server),
        folders=folders_of(app, server),
        leads=leader(app) == host.name,
        backs_off=machine.restarts_are_failures,
        balancers=server.balancers,
    )


def _refuse_secrets_within(source: Source, settings: App, key: str) -> None:
    """See that no file with a secret becomes part of a release.

    Raises:
        Refusal: the source has one.

    """
    secrets = {
        _key_of_secret(settings, name, key): secret.file
        for name, secret in settings.secrets.items()
        if isinstance(secret, FromFile)
    }
    for where, file in (secrets | password_files(settings.indexes, f"{key}['indexes']")).items():
        if source.holds(file):
            remedy = "have git ignore it, or move it elsewhere"
            raise Refusal(f"{where}: {file!r} would be part of the release, as it is in the source: {remedy}")


def _key_of_secret(settings: App, name: str, key: str) -> str:
    is_of_file = isinstance(settings.secrets[name], EnvFileSecret)
    return f"{key}['env_file']" if is_of_file else f"{key}['secrets'][{name!r}]"


def leader(app: str) -> str:
    """Name the host that runs what is to run once: the first of this run that has the app."""
    hosts = [each for each in state.inventory if state.is_host_in_limit(each)]
    return next(each.name for each in hosts if app in (each.data.get("apps") or {}))


def _health_host(server: Server, app: str) -> str:
    public = server.apps[app].public
    if public:
        return public.name
    for domain, site in sorted(server.sites.items()):
        if any(isinstance(route, AppRoute) and route.app == app for route in site.routes.values()):
            return domain
    return "127.0.0.1"

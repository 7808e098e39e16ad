"""Apps: their users, releases, slots and units."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pyinfra.context import host, state

from deploys.apps.build import recipe
from deploys.apps.indexes import password_files, read_ca_bundle, read_logins
from deploys.apps.observe import Observer
from deploys.apps.operations import (
    build_release,
    finish_moves,
    look_around,
    move_traffic,
    roll_back,
    run_hooks_before,
    words,
)
from deploys.apps.plan import plan
from deploys.apps.release import Release
from deploys.apps.source import NOTHING, Source, read_source
from deploys.apps.told import traffic
from deploys.apps.users import make_users, refusal
from deploys.base.machine import Machine
from deploys.config import App, AppRoute, Server
from deploys.config.remedies import meant
from deploys.config.secrets import EnvFileSecret, FromFile
from deploys.env_file import with_env_file
from deploys.firewall.operations import close_off
from deploys.firewall.wall import walls
from deploys.places.apps import AppPlaces
from deploys.refusal import Refusal
from deploys.routing import folders_of, prefix_of
from deploys.secrets import read_secret


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the server's apps need."""
    return ("nftables", "python3-venv") if server.apps else ()


@dataclass(frozen=True)
class Moves:
    """The apps of a host on their way to the releases that they are to run."""

    releases: list[Release]
    observer: Observer

    def finish(self) -> None:
        """Give the traffic to releases with another port or prefix, now that the proxy knows of it."""
        if self.releases:
            name = "Move apps to other ports and prefixes"
            finish_moves(name=name, releases=self.releases, observer=self.observer)

    def told(self, is_changed: bool) -> Iterator[str]:
        """Say of each app which release has the traffic now, and which had it before."""
        if is_changed:
            self.observer.again()
        for one in self.releases:
            found = self.observer.found(one.name)
            yield f"{one.name}: {traffic(self.observer.first(one.name), found)}"
            if is_changed and (left := plan(one.wanted, found)):
                yield f"{one.name}: the next run will {', '.join(words(one, step) for step in left)}"


def deploy(server: Server, machine: Machine) -> Moves:
    """Bring every app to the release that its source and settings ask for.

    What the proxy finds by its present configuration gets the traffic at once; the rest is started,
    and gets it by what is returned, to be finished once the proxy's new configuration is live.
    """
    releases = [_release(server, machine, app, _source(server, app)) for app in sorted(server.apps)]
    for release in releases:
        release.read_secrets()
    all_places = [release.places for release in releases]
    observer = Observer(all_places, walls(server))
    if not releases:
        look_around(name="Apps: none", observer=observer)
    if releases:
        _refuse_strange_users(all_places, observer)
        name = "Make the users of apps"
        make_users(name=name, all_places=all_places, look=observer.users, again=observer.again)
        close_off(name="Close off apps", walls=walls(server), look=observer.firewall)
    for release in releases:
        name = release.name
        build_release(name=f"Build {name}", release=release, observer=observer)
    for release in releases:
        name = release.name
        if release.app.hooks.before:
            run_hooks_before(name=f"Prepare the switch of {name}", release=release, observer=observer)
        move_traffic(name=f"Release {name}", release=release, observer=observer, leader=_leader(name))
    return Moves(releases, observer)


def go_back(server: Server, machine: Machine, app: str | None, number: str | None) -> None:
    """Give the traffic of an app back to a release that is still there.

    Args:
        server: the settings.
        machine: what the host is.
        app: its name; it can be left out where there is only one.
        number: the release; the former one unless given.

    Raises:
        Refusal: it is not clear what is meant.

    """
    try:
        name, to = which_app(server.apps, app), which_release(number)
    except ValueError as refusal:
        raise Refusal(f"{host.name}: {refusal}") from None
    release = _release(server, machine, name, NOTHING, builds=False)
    observer = Observer([release.places])
    roll_back(name=f"Roll {name} back", release=release, observer=observer, number=to)


def which_app(apps: Collection[str], app: str | None) -> str:
    """Give the app that is meant, which need not be named where it is the only one.

    Raises:
        ValueError: there is none of that name, or one has to be named.

    """
    if app is None and len(apps) == 1:
        return next(iter(apps))
    if app in apps:
        return str(app)
    known = ", ".join(sorted(apps)) or "none yet"
    if app is None:
        raise ValueError(f"which app? Add --data of=NAME with one of: {known}")
    raise ValueError(f"of: {app!r}: {meant(app, apps)}write one of the apps: {known}")


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


def _refuse_strange_users(all_places: Sequence[AppPlaces], observer: Observer) -> None:
    found = observer.users()
    lines = [refusal(places, found[places.app]) for places in all_places if places.app in found]
    if any(lines):
        raise Refusal("\n".join(f"{host.name}: {line}" for line in lines if line))


def _key(app: str) -> str:
    return f"{host.name}: apps[{app!r}]"


def _source(server: Server, app: str) -> Source:
    settings = server.apps[app]
    return read_source(settings.source, f"{_key(app)}['source']", settings.include)


def _release(server: Server, machine: Machine, app: str, source: Source, *, builds: bool = True) -> Release:
    settings = with_env_file(server.apps[app], _key(app))
    _refuse_secrets_within(source, settings, _key(app))

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
        index_logins=read_logins(settings.indexes, indexes) if builds else "",
        health_host=_health_host(server, app),
        prefix=prefix_of(app, server),
        folders=folders_of(app, server),
        leads=_leader(app) == host.name,
        backs_off=machine.restarts_are_failures,
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


def _leader(app: str) -> str:
    """Name the host that runs the app's hooks: the first of this run that has the app."""
    hosts = [each for each in state.inventory if state.is_host_in_limit(each)]
    return next(each.name for each in hosts if app in (each.data.get("apps") or {}))


def _health_host(server: Server, app: str) -> str:
    for domain, site in sorted(server.sites.items()):
        if any(isinstance(route, AppRoute) and route.app == app for route in site.routes.values()):
            return domain
    return "127.0.0.1"

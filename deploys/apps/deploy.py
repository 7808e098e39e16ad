"""Apps: their users, releases, slots and units."""

from deploys.apps.layout import Layout
from deploys.apps.observe import Observer
from deploys.apps.operations import Release, build_release, move_traffic
from deploys.apps.source import read_source
from deploys.config import AppRoute, Server


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the server's apps need."""
    return ("python3-venv",) if server.apps else ()


def deploy(server: Server) -> None:
    """Bring every app to the release that its source and settings ask for."""
    releases = [_release(server, app) for app in sorted(server.apps)]
    observer = Observer([release.layout for release in releases])
    for release in releases:
        build_release(name=f"Build {release.name}", release=release, observer=observer)
        move_traffic(name=f"Release {release.name}", release=release, observer=observer)


def _release(server: Server, app: str) -> Release:
    settings = server.apps[app]
    source = read_source(settings.source, f"apps[{app!r}]['source']")
    return Release(settings, Layout(app, server.port(app)), source, _health_host(server, app))


def _health_host(server: Server, app: str) -> str:
    for domain, site in sorted(server.sites.items()):
        if any(isinstance(route, AppRoute) and route.app == app for route in site.routes.values()):
            return domain
    return "127.0.0.1"

"""Directories that are an app's own, where settings name them as if they were anybody's. Pure."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploys.config.contradiction import Contradiction
from deploys.config.routes import FilesRoute

if TYPE_CHECKING:
    from deploys.config.server import Server

_OF_A_RELEASE = re.compile(r"/(?:current|releases/\d+)(?:/code)?/(.+)")
_KEPT = re.compile(r"/persistent/([^/]+)$")
_OTHERS = 'name a directory that is no app\'s, like "/srv/shared", for both of them'


def written_homes(server: "Server") -> Iterator[Contradiction]:
    """Find the apps that are to write where they may anyway, or where another app has its own."""
    for app, settings in server.apps.items():
        for number, path in enumerate(settings.sandbox.writable):
            owner = _owner(path, server)
            if owner:
                mine = "remove it, and name what outlives releases in persistent: that is the app's own"
                remedy = mine if owner == app else f"apps[{owner!r}] has it: {_OTHERS}"
                yield Contradiction(("apps", app, "sandbox", "writable", number), path, remedy)


def shown_homes(server: "Server") -> Iterator[Contradiction]:
    """Find the folders that are an app's own, of which the proxy may read only what a route names as such."""
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            owner = _owner(route.files, server) if isinstance(route, FilesRoute) else None
            if owner and isinstance(route, FilesRoute):
                below = route.files.removeprefix(f"/srv/{owner}")
                found = _OF_A_RELEASE.fullmatch(below) or _KEPT.fullmatch(below)
                folder = found[1] if found else "static"
                like = "" if found else "a part of the app's code, like "
                remedy = f'write {like}{{"files": "{folder}", "release_of": "{owner}"}}'
                yield Contradiction(("sites", domain, "routes", path, "files"), route.files, remedy)


def _owner(path: str, server: "Server") -> str | None:
    """Find the app that a directory of the server belongs to."""
    homes = ((app, home) for app in server.apps for home in (f"/srv/{app}", f"/var/lib/app-{app}"))
    return next((app for app, home in homes if f"{path}/".startswith(f"{home}/")), None)

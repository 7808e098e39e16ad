"""From the settings to virtual hosts: what every proxy renders from. Pure."""

from dataclasses import dataclass

from deploys.apps.layout import Layout
from deploys.certificates.paths import Lineage
from deploys.config import AppRoute, FilesRoute, RedirectRoute, Server, Site


@dataclass(frozen=True)
class AppTarget:
    """An app behind a path."""

    path: str
    upstream: Layout


@dataclass(frozen=True)
class FilesTarget:
    """A folder on the server behind a path."""

    path: str
    folder: str


@dataclass(frozen=True)
class RedirectTarget:
    """Another place for all below a path."""

    path: str
    to: str
    status: int


Target = AppTarget | FilesTarget | RedirectTarget


@dataclass(frozen=True)
class VirtualHost:
    """One site as a proxy sees it."""

    name: str
    served: tuple[str, ...]
    """The names that get the routes."""
    redirected: tuple[str, ...]
    """The names that redirect to the first."""
    lineage: Lineage
    targets: tuple[Target, ...]
    """Longest path first; a path has no slash at its end, but for `/` itself."""
    max_body: str


@dataclass(frozen=True)
class Routing:
    """Everything that a proxy needs to know."""

    hosts: tuple[VirtualHost, ...]
    upstreams: tuple[Layout, ...]


def routing(server: Server) -> Routing:
    """Work out the virtual hosts and upstreams of a server."""
    layouts = {app: Layout(app, server.port(app)) for app in server.apps}
    return Routing(
        hosts=tuple(_virtual_host(domain, site, layouts) for domain, site in sorted(server.sites.items())),
        upstreams=tuple(layouts[app] for app in sorted(layouts)),
    )


def lineages(server: Server) -> tuple[Lineage, ...]:
    """List the certificates that a server needs: one for each site, with all its names."""
    return tuple(Lineage(domain, (domain, *site.aliases)) for domain, site in sorted(server.sites.items()))


def _virtual_host(domain: str, site: Site, layouts: dict[str, Layout]) -> VirtualHost:
    targets = [_target(path.rstrip("/") or "/", route, layouts) for path, route in site.routes.items()]
    return VirtualHost(
        name=domain,
        served=(domain,) if site.redirect_aliases else (domain, *site.aliases),
        redirected=site.aliases if site.redirect_aliases else (),
        lineage=Lineage(domain, (domain, *site.aliases)),
        targets=tuple(sorted(targets, key=lambda target: (-len(target.path), target.path))),
        max_body=site.max_body,
    )


def _target(path: str, route: AppRoute | FilesRoute | RedirectRoute, layouts: dict[str, Layout]) -> Target:
    match route:
        case AppRoute(app=app):
            return AppTarget(path, layouts[app])
        case FilesRoute(files=folder):
            return FilesTarget(path, folder)
        case RedirectRoute(redirect=to, status=status):
            return RedirectTarget(path, to, status)

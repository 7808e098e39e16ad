"""From the settings to virtual hosts: what every proxy renders from. Pure."""

from dataclasses import dataclass
from ipaddress import ip_address

from deploys.config import AppRoute, FilesRoute, Public, RedirectRoute, Route, Server, Site, UpstreamRoute
from deploys.config.hosts import is_address
from deploys.places import sites
from deploys.places.apps import AppPlaces
from deploys.places.certificates import Lineage


@dataclass(frozen=True)
class AppTarget:
    """An app behind a path."""

    path: str
    route: AppRoute
    upstream: AppPlaces
    strip: str
    """What the proxy takes away from the beginning of the path; empty to pass it on as it came."""


@dataclass(frozen=True)
class UpstreamTarget:
    """Servers that gatehouse does not run, behind a path."""

    path: str
    route: UpstreamRoute
    strip: str
    """What the proxy takes away from the beginning of the path; empty to pass it on as it came."""


@dataclass(frozen=True)
class FilesTarget:
    """A folder on the server behind a path."""

    path: str
    route: FilesRoute
    release_of: AppPlaces | None
    """The app to whose code the folder belongs."""


@dataclass(frozen=True)
class RedirectTarget:
    """Another place for all below a path."""

    path: str
    route: RedirectRoute


Target = AppTarget | UpstreamTarget | FilesTarget | RedirectTarget


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
    site: Site

    @property
    def version(self) -> int | None:
        """The IP version, if the site has an address instead of a name."""
        return ip_address(self.name).version if is_address(self.name) else None

    @property
    def authority(self) -> str:
        """The name as it stands in URLs and in the Host header (RFC 3986, section 3.2.2)."""
        return f"[{self.name}]" if self.version == 6 else self.name

    @property
    def maintenance(self) -> str:
        """The file whose presence puts the site under maintenance."""
        return sites.maintenance(self.name)


@dataclass(frozen=True)
class Front:
    """An app that a load balancer reaches by itself, as no proxy stands before it."""

    places: AppPlaces
    public: Public
    health: str
    """The path that it answers while it is well."""

    @property
    def maintenance(self) -> str:
        """The file whose presence puts the app under maintenance."""
        return sites.maintenance(self.places.app)


@dataclass(frozen=True)
class Routing:
    """Everything that a proxy needs to know."""

    hosts: tuple[VirtualHost, ...]
    apps: tuple[AppPlaces, ...]
    server: Server
    fronts: tuple[Front, ...] = ()


def routing(server: Server) -> Routing:
    """Work out the virtual hosts and upstreams of a server."""
    return Routing(
        hosts=tuple(_virtual_host(domain, site, server) for domain, site in sorted(server.sites.items())),
        apps=tuple(_places(app, server) for app in sorted(server.apps)),
        server=server,
        fronts=fronts(server),
    )


def fronts(server: Server) -> tuple[Front, ...]:
    """List the apps that a load balancer reaches by itself."""
    return tuple(
        Front(_places(name, server), app.public, app.health.path)
        for name, app in sorted(server.apps.items())
        if app.public and not server.has_proxy
    )


@dataclass(frozen=True)
class Asked:
    """What users ask for first of a site, or of an app that a load balancer leads to."""

    name: str
    authority: str
    path: str
    is_elsewhere: bool = False
    """Whether something before the server answers, and the server itself does not."""

    @property
    def url(self) -> str:
        return f"https://{self.authority}{self.path}"


def asked(server: Server) -> tuple[Asked, ...]:
    """List what users ask for, site by site, and app by app where there are no sites."""
    hosts = [host for host in routing(server).hosts if not host.name.startswith("*")]
    # Beside the edge, nobody gets an answer of a site.
    is_elsewhere = server.edge is not None and bool(server.edge.only or server.edge.client_ca)
    of_sites = [Asked(host.name, host.authority, _first_path(host), is_elsewhere) for host in hosts]
    names = [(front.public.name, front.health) for front in fronts(server)]
    return (*of_sites, *(Asked(name, name, path, is_elsewhere=True) for name, path in names))


def _first_path(host: VirtualHost) -> str:
    path = next((target.path for target in reversed(host.targets)), "/")
    return path if path == "/" else f"{path}/"


def maintenance(server: Server) -> dict[str, str]:
    """Give the name that users know by each file whose presence has them turned away."""
    marks = {host.maintenance: host.name for host in routing(server).hosts}
    return marks | {front.maintenance: front.public.name for front in fronts(server)}


def lineages(server: Server) -> tuple[Lineage, ...]:
    """List the certificates that a server needs: one for each site, with all its names."""
    if not server.has_certificates:
        return ()
    return tuple(Lineage(domain, (domain, *site.aliases)) for domain, site in sorted(server.sites.items()))


def prefix_of(app: str, server: Server) -> str:
    """Give the path under which an app lives, without a slash at its end; empty if that is the root."""
    routes = (route for site in server.sites.values() for route in site.routes.values())
    found = (route.prefix for route in routes if isinstance(route, AppRoute) and route.app == app)
    return (next(found, None) or "").rstrip("/")


def folders_of(app: str, server: Server) -> tuple[str, ...]:
    """List the folders of an app's code from which the proxy answers."""
    routes = (route for site in server.sites.values() for route in site.routes.values())
    found = {route.files for route in routes if isinstance(route, FilesRoute) and route.release_of == app}
    return tuple(sorted(found))


def _virtual_host(domain: str, site: Site, server: Server) -> VirtualHost:
    targets = [_target(path.rstrip("/") or "/", route, server) for path, route in site.routes.items()]
    return VirtualHost(
        name=domain,
        served=(domain,) if site.redirect_aliases else (domain, *site.aliases),
        redirected=site.aliases if site.redirect_aliases else (),
        lineage=Lineage(domain, (domain, *site.aliases)),
        targets=tuple(sorted(targets, key=lambda target: (-len(target.path), target.path))),
        site=site,
    )


def _target(path: str, route: Route, server: Server) -> Target:
    match route:
        case AppRoute(app=app):
            return AppTarget(path, route, _places(app, server), strip=prefix_of(app, server))
        case UpstreamRoute(prefix=prefix):
            return UpstreamTarget(path, route, strip=(prefix or "").rstrip("/"))
        case FilesRoute(release_of=app):
            return FilesTarget(path, route, _places(app, server) if app else None)
        case RedirectRoute():
            return RedirectTarget(path, route)


def _places(app: str, server: Server) -> AppPlaces:
    return AppPlaces(app, server.port(app))

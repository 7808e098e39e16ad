"""Settings that are well-formed each by itself, and cannot hold together. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from deploys.config.certificates import LETS_ENCRYPT, AcmeCertificate
from deploys.config.edge import LoadBalancer
from deploys.config.hosts import is_address
from deploys.config.reach import METADATA, SERVICES, endpoints
from deploys.config.remedies import meant
from deploys.config.routes import AppRoute, FilesRoute, RedirectRoute, UpstreamRoute

if TYPE_CHECKING:
    from deploys.config.server import Server


class Contradiction(NamedTuple):
    """A setting that cannot stay as it is."""

    key: tuple[str | int, ...]
    value: object
    remedy: str


def contradictions(server: "Server") -> Iterator[Contradiction]:
    """Find them all."""
    for check in _CHECKS:
        yield from check(server)


def _missing_targets(server: "Server") -> Iterator[Contradiction]:
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            match route:
                case AppRoute(app=name):
                    key, known = "app", sorted(server.apps)
                case UpstreamRoute(upstream=name):
                    key, known = "upstream", sorted(server.upstreams)
                case FilesRoute(release_of=str(name)):
                    key, known = "release_of", sorted(server.apps)
                case _:
                    continue
            if name not in known:
                remedy = f"name one of the {'upstreams' if key == 'upstream' else 'apps'} "
                remedy += f"({', '.join(known) or 'none yet'})"
                remedy = f"{meant(name, known)}{remedy}"
                yield Contradiction(("sites", domain, "routes", path, key), name, remedy)


def _two_prefixes(server: "Server") -> Iterator[Contradiction]:
    prefixes: dict[str, str] = {}
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            if isinstance(route, AppRoute):
                prefix = (route.prefix or "").rstrip("/")
                first = prefixes.setdefault(route.app, prefix)
                if prefix != first:
                    has = f"has {first!r}" if first else "has none"
                    remedy = f"give all routes of an app one prefix; {route.app!r} {has} elsewhere"
                    yield Contradiction(("sites", domain, "routes", path, "prefix"), prefix, remedy)


def _http3_behind_proxy_protocol(server: "Server") -> Iterator[Contradiction]:
    if isinstance(server.edge, LoadBalancer) and server.edge.tells_by == "PROXY":
        for domain, site in server.sites.items():
            if site.http3:
                remedy = "remove it; the edge's PROXY protocol is spoken over TCP alone, and HTTP/3 over UDP"
                yield Contradiction(("sites", domain, "http3"), site.http3, remedy)


def _shared_names(server: "Server") -> Iterator[Contradiction]:
    owners: dict[str, str] = {domain: domain for domain in server.sites}
    for domain, site in server.sites.items():
        for alias in site.aliases:
            owner = owners.setdefault(alias, domain)
            if owner != domain or alias == domain:
                remedy = f"the name already belongs to sites[{owner!r}]"
                yield Contradiction(("sites", domain, "aliases"), alias, remedy)


def _shared_ports(server: "Server") -> Iterator[Contradiction]:
    owners: dict[int, str] = {}
    for app, settings in server.apps.items():
        ports = (server.port(app), server.port(app) + 1)
        taken = [(owners[port], port) for port in ports if port in owners]
        owners |= dict.fromkeys(ports, app)
        if taken:
            owner, port = taken[0]
            remedy = f"apps[{owner!r}] has port {port}; each app takes two, so set another"
            yield Contradiction(("apps", app, "port"), settings.port, remedy)


def _unknown_reach(server: "Server") -> Iterator[Contradiction]:
    for app, settings in server.apps.items():
        others = sorted(server.apps.keys() - {app})
        for number, word in enumerate(settings.reach):
            key = ("apps", app, "reach", number)
            if word in {*SERVICES, METADATA} and word in others:
                remedy = "an app has this name, too: write the address and port that are meant instead"
                yield Contradiction(key, word, remedy)
            elif word == app:
                yield Contradiction(key, word, "remove it: an app reaches its own ports anyway")
            elif not endpoints(word) and word not in {*SERVICES, METADATA, *others}:
                apps = f"another app ({', '.join(others)})" if others else "an address and port"
                remedy = f"name a service ({', '.join(SERVICES)}), {METADATA} or {apps}"
                near = meant(word, [*SERVICES, METADATA, *others])
                yield Contradiction(key, word, f"{near}{remedy}")


def _unprovable_names(server: "Server") -> Iterator[Contradiction]:
    for domain, site in server.sites.items():
        if not isinstance(site.certificate, AcmeCertificate):
            continue
        challenge = site.certificate.challenge
        wildcards = [alias for alias in site.aliases if alias.startswith("*")]
        if wildcards and challenge == "http":
            remedy = "a wildcard is proven by DNS alone; set challenge to 'dns', or remove it"
            yield Contradiction(("sites", domain, "aliases"), wildcards[0], remedy)
        elif wildcards and not server.acme.dns:
            remedy = "a wildcard is proven by DNS alone; set acme['dns'] to a plugin or a hook"
            yield Contradiction(("sites", domain, "aliases"), wildcards[0], remedy)
        elif challenge == "dns" and not server.acme.dns:
            key = ("sites", domain, "certificate", "challenge")
            yield Contradiction(key, challenge, "set acme['dns'] to a plugin or a hook")
        elif is_address(domain) and (challenge == "dns" or wildcards):
            key = ("sites", domain, "certificate", "challenge")
            yield Contradiction(key, challenge, "an IP address is proven over HTTP alone; remove it")


def _addresses_for_long(server: "Server") -> Iterator[Contradiction]:
    if server.acme.directory_url not in LETS_ENCRYPT:
        return
    for domain, site in server.sites.items():
        if not isinstance(site.certificate, AcmeCertificate) or not is_address(domain):
            continue
        profile = site.certificate.profile or server.acme.profile
        if profile != "shortlived":
            remedy = 'set it to "shortlived": Let\'s Encrypt issues for IP addresses by no other profile'
            yield Contradiction(("sites", domain, "certificate", "profile"), profile, remedy)


class _Stop(NamedTuple):
    """A route, where a request arrives on its way from redirect to redirect."""

    domain: str
    path: str


def _circles(server: "Server") -> Iterator[Contradiction]:
    for domain, site in server.sites.items():
        for start, route in site.routes.items():
            passed: list[_Stop] = []
            stop: _Stop | None = _Stop(domain, start)
            while stop is not None and stop not in passed:
                passed.append(stop)
                stop = _next(server, stop)
            if stop is not None and isinstance(route, RedirectRoute):
                way = [*passed, stop]
                alone = len({each.domain for each in way}) == 1
                said = " -> ".join(each.path if alone else f"{each.domain}{each.path}" for each in way)
                remedy = f"it leads in a circle ({said}); redirect elsewhere"
                yield Contradiction(("sites", domain, "routes", start, "redirect"), route.redirect, remedy)


def _next(server: "Server", stop: _Stop) -> _Stop | None:
    """Give the route at which the redirect of another one, if it is one, arrives."""
    route = server.sites[stop.domain].routes[stop.path]
    if not isinstance(route, RedirectRoute):
        return None
    target = urlsplit(route.redirect)
    # What comes in clear is sent on to HTTPS, at the same name and path.
    is_ours = target.port in {None, 80 if target.scheme == "http" else 443}
    domain = _owner(server, target.hostname, stop.domain) if is_ours else None
    if domain is None:
        return None
    routes, there = server.sites[domain].routes, f"{target.path.rstrip('/')}/"
    found = max((one for one in routes if there.startswith(f"{one.rstrip('/')}/")), key=len, default=None)
    return None if found is None else _Stop(domain, found)


def _owner(server: "Server", name: str | None, own: str) -> str | None:
    """Name the site that answers by a name; a name that is left out is the site's own."""
    if name is None:
        return own
    return next((domain for domain, site in server.sites.items() if name in {domain, *site.aliases}), None)


def _apps_without_routes(server: "Server") -> Iterator[Contradiction]:
    routes = [route for site in server.sites.values() for route in site.routes.values()]
    led_to = {route.app for route in routes if isinstance(route, AppRoute)}
    led_to |= {route.release_of for route in routes if isinstance(route, FilesRoute) and route.release_of}
    if led_to - server.apps.keys() or server.snippets or any(site.snippets for site in server.sites.values()):
        return  # a route is misspelt, or there may be one that is not ours to read
    for app, settings in server.apps.items():
        if app not in led_to and not settings.processes and not settings.jobs:
            remedy = f'no route leads to it; give a site one, like "/": {{"app": {app!r}}}, or remove the app'
            yield Contradiction(("apps", app), {"source": settings.source}, remedy)


def _too_many_names(server: "Server") -> Iterator[Contradiction]:
    if server.acme.directory_url not in LETS_ENCRYPT:
        return
    for domain, site in server.sites.items():
        if isinstance(site.certificate, AcmeCertificate):
            profile = site.certificate.profile or server.acme.profile
            most = _MOST_NAMES.get(profile, _MOST_NAMES[None])
            names = len({domain, *site.aliases})
            if names > most:
                with_profile = f' with the profile "{profile}"' if profile in _MOST_NAMES and profile else ""
                remedy = f"Let's Encrypt puts at most {most} names into a certificate{with_profile}, "
                remedy += f"these are {names} with the site's own; make two sites of it"
                yield Contradiction(("sites", domain, "aliases"), site.aliases, remedy)


_MOST_NAMES = {None: 100, "classic": 100, "tlsserver": 25, "shortlived": 25}
"""How many names a certificate may have, by Let's Encrypt's profile (letsencrypt.org/docs/profiles)."""

_CHECKS = (
    _missing_targets,
    _two_prefixes,
    _http3_behind_proxy_protocol,
    _shared_names,
    _shared_ports,
    _unknown_reach,
    _unprovable_names,
    _addresses_for_long,
    _circles,
    _apps_without_routes,
    _too_many_names,
)

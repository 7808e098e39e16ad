"""From the routing to the files of nginx's configuration. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from deploys.base.machine import Machine
from deploys.config.fields import HIDDEN
from deploys.onhost.headers import FORGED
from deploys.places.apps import AppPlaces
from deploys.places.certificates import WEBROOT
from deploys.places.proxies import USER
from deploys.proxies import fingerprints
from deploys.proxies.answers import OFFERS_HTTP3, UNAVAILABLE, hsts
from deploys.proxies.client_ca import client_ca
from deploys.proxies.nginx import amounts
from deploys.proxies.nginx.edges import believed
from deploys.proxies.nginx.features import features
from deploys.proxies.nginx.locations import connections, locations, prefixes, rates, variable
from deploys.proxies.nginx.onhost.tree import STATUS_ADDRESS
from deploys.proxies.onhost.trees import TREE
from deploys.render import render
from deploys.routing import AppTarget, FilesTarget, Routing, VirtualHost

DEFAULT_PAGE = "unavailable.html"
RELOADS = "/run/gatehouse-nginx-reloads"
"""This file is there while an nginx without `keepalive_min_timeout` is about to reload."""

CLIENT_CA = "client-ca.pem"
"""What an edge's own certificate is verified by."""

SAME_FOR_ALL = (
    *(f"http/{name}.conf" for name in ("basics", "log", "tls", "proxying", "paths")),
    *("acme.conf", "proxy.conf", "nginx.conf", "sites/unknown.conf", f"pages/{DEFAULT_PAGE}"),
    CLIENT_CA,
)
"""What says little that is of one server alone."""


def tree(routing: Routing, machine: Machine, texts: Mapping[str, str]) -> dict[str, str]:
    """Render the whole configuration: contents by path below its own directory.

    Args:
        routing: the virtual hosts.
        machine: whose versions decide on the syntax.
        texts: the contents of the user's own files, by their paths on the controller.

    """
    context = _context(routing, machine)
    server = routing.server
    ca = client_ca(server.edge, texts)
    edge = ("http/edge.conf",) if server.edge else ()
    tls = ("http/tls.conf",) if server.has_certificates else ()
    http = ("http/basics.conf", "http/log.conf", *edge, *tls, "http/limits.conf")
    http += ("http/proxying.conf", "http/paths.conf", "http/upstreams.conf")
    snippets = _places("snippets", server.snippets)
    sites = ("sites/unknown.conf", *(f"sites/{host.name}/site.conf" for host in routing.hosts))
    files = {f"pages/{DEFAULT_PAGE}": render(f"proxies/{DEFAULT_PAGE}")}
    files |= {
        path: render(f"nginx/{path}", **context) for path in (*http, "acme.conf", "proxy.conf", sites[0])
    }
    files |= {place: texts[path] for path, place in snippets.items()}
    files |= {CLIENT_CA: ca} if ca else {}
    files["nginx.conf"] = render("nginx/nginx.conf", **context, http=(*http, *snippets.values()), sites=sites)
    for host in routing.hosts:
        files |= _site(host, context, texts)
    return files


def service(machine: Machine) -> str:
    """Render the drop-in of nginx's unit."""
    return render("nginx/service.conf", nginx=features(machine), reloads=RELOADS)


def _context(routing: Routing, machine: Machine) -> dict[str, Any]:
    nginx = features(machine)
    edge = believed(routing.server.edge)
    hosts = routing.hosts
    return {
        "tree": TREE,
        "user": USER,
        "webroot": WEBROOT,
        "status_address": STATUS_ADDRESS,
        "reloads": RELOADS,
        "server": routing.server,
        "forged": FORGED,
        "hosts": hosts,
        "apps": routing.apps,
        "nginx": nginx,
        "curves": nginx.curves,
        "ipv6": machine.ipv6,
        "edge": edge,
        "speaks_tls": routing.server.has_certificates,
        "proxy_protocol": edge is not None and edge.proxy_protocol,
        "client_ca": CLIENT_CA if routing.server.edge and routing.server.edge.client_ca else "",
        "http3": any(host.site.http3 for host in hosts),
        "defaults": {host.version: host.name for host in reversed(hosts) if host.version}.values(),
        "unnamed_default": {4, 6} - {host.version for host in hosts},
        "paths": sorted({prefix for host in hosts for prefix in prefixes(host)} - {"", "/"}),
        "fallbacks": any(map(_falls_back, hosts)),
        "fingerprints": fingerprints.RULES,
        "asked_for": fingerprints.ASKED_FOR,
        "rates": [zone for host in hosts for zone in rates(host)],
        "connections": [zone for host in hosts for zone in connections(host)],
        "duration": amounts.duration,
        "size": amounts.size,
        "variable": variable,
        "regex": re.escape,
        "blocking": _blocking,
    }


def _site(host: VirtualHost, context: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, str]:
    folder, site = f"sites/{host.name}", host.site
    snippets = _places(f"snippets/{host.name}", site.snippets)
    pages = _places(f"pages/{host.name}", tuple(site.error_pages.values()))
    error_pages = "".join(
        f"error_page {' '.join(map(str, statuses))} /gatehouse-pages/{page};\n"
        for page, statuses in _statuses(site.error_pages, pages).items()
    )
    served = (host.authority, *host.served[1:])
    own = {
        **context,
        "host": host,
        "served": served,
        "names": (*served, *host.redirected),
        "default": {host.version} if host.name in context["defaults"] else (),
        "site": site,
        "hsts": hsts(site),
        "offers_http3": OFFERS_HTTP3,
        "falls_back": _falls_back(host),
        "host_apps": _apps(host),
        "snippets": snippets.values(),
        "error_pages": error_pages,
        "locations": list(locations(host, error_pages, context["server"].client_connections)),
    }
    files = {f"{folder}/{name}": render(f"nginx/sites/{name}", **own) for name in _SITE}
    return files | {place: texts[path] for path, place in (*snippets.items(), *pages.items())}


_SITE = ("site.conf", "tls.conf", "errors.conf")


def _blocking(path: str) -> str:
    """Make the pattern of a blocked path; hidden files are blocked at any depth."""
    return r"/\.(?!well-known/)" if path == HIDDEN else f"^{re.escape(path)}"


def _places(folder: str, paths: Sequence[str]) -> dict[str, str]:
    """Give each of the user's files a place of its own in the tree, named so that it is recognised."""
    names = {path: re.sub(r"[^A-Za-z0-9._-]", "_", path.rsplit("/", 1)[-1]) for path in paths}
    return {path: f"{folder}/{number}-{name}" for number, (path, name) in enumerate(names.items(), 1)}


def _statuses(error_pages: Mapping[int, str], pages: Mapping[str, str]) -> dict[str, list[int]]:
    wanted = dict.fromkeys(UNAVAILABLE, DEFAULT_PAGE)
    wanted |= {status: pages[path].removeprefix("pages/") for status, path in error_pages.items()}
    return {page: sorted(s for s in wanted if wanted[s] == page) for page in sorted(set(wanted.values()))}


def _falls_back(host: VirtualHost) -> bool:
    """Say whether the site has a single-page app."""
    return any(isinstance(target, FilesTarget) and target.route.fallback for target in host.targets)


def _apps(host: VirtualHost) -> list[AppPlaces]:
    upstreams = {target.upstream for target in host.targets if isinstance(target, AppTarget)}
    return sorted(upstreams, key=lambda upstream: upstream.app)

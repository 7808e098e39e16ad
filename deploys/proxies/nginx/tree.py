"""From the routing to the files of nginx's configuration. Pure."""

import re
from collections.abc import Iterator

from deploys.base.machine import Machine
from deploys.certificates.paths import WEBROOT
from deploys.proxies.nginx.remote_tree import STATUS_ADDRESS, TREE
from deploys.render import render
from deploys.routing import AppTarget, FilesTarget, RedirectTarget, Routing, Target, VirtualHost

_HTTP = ("basics", "tls", "proxying", "paths", "upstreams")


def tree(routing: Routing, machine: Machine) -> dict[str, str]:
    """Render the whole configuration: contents by path below its own directory."""
    context = {
        "tree": TREE,
        "webroot": WEBROOT,
        "status_address": STATUS_ADDRESS,
        "ipv6": machine.ipv6,
        "upstreams": routing.upstreams,
        "paths": sorted({path for host in routing.hosts for path in _redirected_paths(host)}),
        "curves": _curves(machine),
        "rotates_tickets": machine.nginx >= (1, 23, 2),
        "http2_on": machine.nginx >= (1, 25, 1),
        "http2_listen": "" if machine.nginx >= (1, 25, 1) else " http2",
        "variable": variable,
        "regex": re.escape,
    }
    http = [f"{name}.conf" for name in _HTTP]
    sites = ["unknown.conf", *(f"{host.name}.conf" for host in routing.hosts)]
    files = {
        "nginx.conf": render("nginx/nginx.conf", **context, http=http, sites=sites),
        "acme.conf": render("nginx/acme.conf", **context),
        "proxy.conf": render("nginx/proxy.conf", **context),
        "sites/unknown.conf": render("nginx/sites/unknown.conf", **context),
    }
    files |= {f"http/{name}": render(f"nginx/http/{name}", **context) for name in http}
    for host in routing.hosts:
        own = context | {
            "host": host,
            "apps": _apps(host),
            "locations": list(_locations(host)),
        }
        files[f"sites/{host.name}.conf"] = render("nginx/sites/site.conf", **own)
        files[f"sites/{host.name}.tls"] = render("nginx/sites/site.tls", **own)
    return files


def variable(prefix: str, name: str) -> str:
    """Make the name of a variable from any name or path, so that different ones stay different."""
    escaped = (c if c.isalnum() else "__" if c == "/" else f"_{ord(c):02x}" for c in name.strip("/"))
    return f"{prefix}_{''.join(escaped)}"


def _curves(machine: Machine) -> tuple[str, ...]:
    post_quantum = ("X25519MLKEM768",) if machine.openssl >= (3, 5) else ()
    return (*post_quantum, "X25519", "prime256v1", "secp384r1")


def _apps(host: VirtualHost) -> list[object]:
    apps = {target.upstream.app: target.upstream for target in host.targets if isinstance(target, AppTarget)}
    return [apps[name] for name in sorted(apps)]


def _redirected_paths(host: VirtualHost) -> Iterator[str]:
    redirects = (target for target in host.targets if isinstance(target, RedirectTarget))
    return (target.path for target in redirects if target.path != "/")


def _locations(host: VirtualHost) -> Iterator[str]:
    for target in host.targets:
        yield _location(target)
    if all(target.path != "/" for target in host.targets):
        yield render("nginx/locations/nothing.conf")


def _location(target: Target) -> str:
    path = target.path
    context = {
        "tree": TREE,
        "target": target,
        "matches": ("/",) if path == "/" else (f"= {path}", f"^~ {path}/"),
    }
    match target:
        case AppTarget(upstream=app):
            upstream = app.unit("a").removesuffix("a") + f"${{{variable('slot', app.app)}}}"
            return render("nginx/locations/app.conf", **context, upstream=upstream)
        case FilesTarget():
            return render("nginx/locations/files.conf", **context)
        case RedirectTarget(to=to):
            place = to if "://" in to else f"https://$host{to}"
            words = {"exactly": place, "to": place.rstrip("/"), "below": variable("below", path)}
            return render("nginx/locations/redirect.conf", **context, **words)

"""From a virtual host's targets to nginx's locations. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase, digits

from deploys.config import Limits
from deploys.proxies.nginx import amounts
from deploys.proxies.onhost.trees import TREE
from deploys.render import render
from deploys.routing import AppTarget, FilesTarget, RedirectTarget, Target, UpstreamTarget, VirtualHost


@dataclass(frozen=True)
class Zone:
    """Shared memory in which nginx counts the clients of one route."""

    name: str
    rate: str


def variable(prefix: str, name: str) -> str:
    """Make the name of a variable from any name or path, so that different ones stay different.

    Upper-case letters are written in hexadecimal, too, as nginx knows variables regardless of case.
    """
    kept = ascii_lowercase + digits
    escaped = (c if c in kept else "__" if c == "/" else f"_{ord(c):02x}" for c in name.strip("/"))
    return f"{prefix}_{''.join(escaped)}"


def locations(host: VirtualHost, error_pages: str, client_connections: int) -> Iterator[str]:
    """Render a location for each target, and one for what no target covers.

    Args:
        host: the virtual host.
        error_pages: the directives for its error pages, which a location with one of its own repeats.
        client_connections: how many requests of one client may be open; the same goes for it.

    """
    for target in host.targets:
        yield _location(host, target, error_pages, client_connections)
    if all(target.path != "/" for target in host.targets):
        yield render("nginx/locations/nothing.conf")


def prefixes(host: VirtualHost) -> Iterator[str]:
    """List what is taken away from the beginning of paths."""
    for target in host.targets:
        if isinstance(target, RedirectTarget):
            yield target.path
        elif not isinstance(target, FilesTarget):
            yield target.strip


def rates(host: VirtualHost) -> Iterator[Zone]:
    """List the zones in which the host's requests per time are counted."""
    for target in host.targets:
        if rate := _limits(target).rate:
            yield Zone(_zone("rate", host, target), amounts.rate(rate))


def connections(host: VirtualHost) -> Iterator[Zone]:
    """List the zones in which the host's open requests are counted."""
    for target in host.targets:
        if _limits(target).connections:
            yield Zone(_zone("connections", host, target), "")


def _location(host: VirtualHost, target: Target, error_pages: str, client_connections: int) -> str:
    path = target.path
    context = {
        "tree": TREE,
        "variable": variable,
        "host": host,
        "path": path,
        "route": target.route,
        "matches": ("/",) if path == "/" else (f"= {path}", f"^~ {path}/"),
        "error_pages": error_pages,
        "duration": amounts.duration,
        "size": amounts.size,
        "limits": _limit(host, target, client_connections),
    }
    match target:
        case AppTarget() | UpstreamTarget():
            return render("nginx/locations/proxied.conf", **context, **_passing(target))
        case FilesTarget():
            return render(
                "nginx/locations/files.conf", **context, folder=_folder(target), of_app=target.release_of
            )
        case RedirectTarget(route=route):
            to = route.redirect if "://" in route.redirect else f"https://$host{route.redirect}"
            words = {"exactly": to, "to": to.rstrip("/"), "below": variable("below", path)}
            return render("nginx/locations/redirect.conf", **context, **words)


def _passing(target: AppTarget | UpstreamTarget) -> dict[str, str | bool]:
    if isinstance(target, AppTarget):
        app = target.upstream
        upstream = f"{app.unit('a').removesuffix('a')}${{{variable('slot', app.app)}}}"
    else:
        upstream = f"upstream_{target.route.upstream}"
    prefix = (target.route.prefix or "").rstrip("/")
    return {
        "upstream": upstream,
        "servers_differ": isinstance(target, UpstreamTarget),
        "prefix": prefix,
        "strip": target.strip,
        "below": variable("below", target.strip),
    }


def _folder(target: FilesTarget) -> str:
    app, folder = target.release_of, target.route.files
    return app.published_folder(folder) if app else folder


def _limits(target: Target) -> Limits:
    return Limits() if isinstance(target, RedirectTarget) else target.route.limits


def _limit(host: VirtualHost, target: Target, client_connections: int) -> str:
    limits = _limits(target)
    words = []
    if limits.rate:
        burst = f" burst={limits.burst} nodelay" if limits.burst else ""
        words.append(f"    limit_req zone={_zone('rate', host, target)}{burst};\n")
    if limits.connections:
        words.append(f"    limit_conn clients {client_connections};\n")
        words.append(f"    limit_conn {_zone('connections', host, target)} {limits.connections};\n")
    return "".join(words)


def _zone(prefix: str, host: VirtualHost, target: Target) -> str:
    return variable(prefix, f"{host.name}{re.sub('/$', '', target.path)}")

"""From a virtual host to Caddy's routes: what all of its targets share. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence

from deploys.config import Edge, Server
from deploys.config.fields import HIDDEN
from deploys.proxies.answers import COMPRESSED, OFFERS_HTTP3, SHORTEST_COMPRESSED, UNAVAILABLE, hsts
from deploys.proxies.caddy.edges import SAID_PROTO, only, speaks_proxy_protocol
from deploys.proxies.caddy.targets import NO_DOT_SEGMENTS, error, target_routes
from deploys.proxies.caddy.words import (
    ABORT,
    NAME,
    PATH,
    SERVER_NAME,
    STATUS,
    TARGET,
    Json,
    hidden,
    literal,
    matches,
    quoted,
)
from deploys.refusal import Refusal
from deploys.render import render
from deploys.routing import Routing, VirtualHost


def named(hosts: Sequence[VirtualHost]) -> Iterator[Json]:
    """Know which site a request is for, and its name as the settings write it; the nearest one counts."""
    every = [(name, host) for host in hosts for name in (*host.served, *host.redirected)]
    for name, host in sorted(every, key=lambda one: ("*" in one[0], -len(one[0]))):
        known = "{http.request.host}" if "*" in name else host.authority if name == host.name else name
        # A dot at the end means the same name (RFC 3986, section 3.2.2).
        dotted = [] if host.version else [f"{name}."]
        redirected = {"redirected": "yes"} if name in host.redirected else {}
        yield {
            "group": "name",
            "match": [{"host": [name, *dotted]}],
            "handle": [{"handler": "vars", "site": host.name, "name": known, **redirected}],
        }


def redirects(host: VirtualHost, edge: Edge | None) -> Json:
    """Send who comes without TLS to where there is some."""
    return _of(host, [*only(edge), *_to(NAME)])


def routes(host: VirtualHost, routing: Routing, texts: Mapping[str, str]) -> Json:
    """Make the route of a site."""
    within = [
        {"handle": [said(host)]},
        *([_misdirected(host)] if routing.server.has_certificates else []),
        *only(routing.server.edge),
        *_without_tls(routing.server),
        *_blocked(host),
        error(405, {"method": ["TRACE", "CONNECT"]}),
        error(400, matches(PATH, r"\x00")),
        error(404, matches(PATH, "^/gatehouse-pages/")),
    ]
    if host.redirected:
        there = {"handle": [{"handler": "subroute", "routes": [*_to(host.authority)]}]}
        within.append({"match": [{"vars": {"redirected": ["yes"]}}], **there, "terminal": True})
    within += [*_snippets(host, texts)]
    if host.site.compress:
        within.append({"handle": [_COMPRESSED]})
    for target in host.targets:
        within += target_routes(host, target, routing)
    within += [NO_DOT_SEGMENTS, error(404)]
    return _of(host, within)


def errors(host: VirtualHost, texts: Mapping[str, str]) -> Json:
    """Make the route of what a site's errors are answered with."""
    page = dict.fromkeys(UNAVAILABLE, render("proxies/unavailable.html"))
    page |= {status: texts[path] for status, path in host.site.error_pages.items()}
    pages: dict[str, list[str]] = {}
    for status, text in sorted(page.items()):
        pages.setdefault(text, []).append(str(status))
    return _of(
        host,
        [
            {"handle": [said(host)]},
            *(
                {
                    "match": [{"vars": {STATUS: statuses}}],
                    "handle": [
                        {
                            "handler": "static_response",
                            "status_code": STATUS,
                            "headers": {"Content-Type": ["text/html; charset=utf-8"]},
                            "body": literal(text),
                        }
                    ],
                    "terminal": True,
                }
                for text, statuses in pages.items()
            ),
            {"handle": [{"handler": "static_response", "status_code": STATUS}]},
        ],
    )


def said(host: VirtualHost) -> Json:
    """Say what a site says with each answer, whatever the app has said of it."""
    site = host.site
    said = {"Server": ["Caddy"], "X-Request-ID": ["{request_id}"]}
    dropped = ["Via"]
    if told := hsts(site):
        said["Strict-Transport-Security"] = [told]
    else:
        dropped.append("Strict-Transport-Security")
    if site.http3:
        said["Alt-Svc"] = [OFFERS_HTTP3]
    else:
        dropped.append("Alt-Svc")
    return {"handler": "headers", "response": {"set": said, "delete": dropped, "deferred": True}}


def _of(host: VirtualHost, routes: list[Json]) -> Json:
    return {
        "match": [{"vars": {"site": [host.name]}}],
        "handle": [{"handler": "subroute", "routes": routes}],
        "terminal": True,
    }


def _without_tls(server: Server) -> Iterator[Json]:
    """Lead to HTTPS who came to the edge without TLS, by its own word, which is the last of several."""
    if not server.has_certificates and not speaks_proxy_protocol(server.edge):
        told = matches(SAID_PROTO, r"(?i)(?:^|[,\s])http\s*$")
        there = {"handle": [{"handler": "subroute", "routes": [*_to(NAME)]}]}
        yield {"match": [told], **there, "terminal": True}


def _misdirected(host: VirtualHost) -> Json:
    """Refuse what comes on a connection that was opened for another site's name (RFC 9110, 15.5.20)."""
    names = [quoted(name).replace(r"\*", "[^.]+") for name in (*host.served, *host.redirected)]
    mine = "" if host.version else "|".join(names)
    return error(421, {"not": [matches(SERVER_NAME, f"^(?i:{mine})$")]})


def _blocked(host: VirtualHost) -> Iterator[Json]:
    starts = [f"^{quoted(start)}" for start in host.site.blocked if start != HIDDEN]
    patterns = [*starts, *([hidden()] if HIDDEN in host.site.blocked else [])]
    if patterns:
        yield {"match": [matches(PATH, f"(?i){'|'.join(patterns)}")], "handle": [ABORT]}


def _to(authority: str) -> Iterator[Json]:
    """Redirect to HTTPS at a name."""
    location = {"Location": [f"https://{authority}{TARGET}"]}
    yield {
        "match": [{"method": ["GET", "HEAD"]}],
        "handle": [{"handler": "static_response", "status_code": 301, "headers": location}],
        "terminal": True,
    }
    yield {"handle": [{"handler": "static_response", "status_code": 308, "headers": location}]}


_COMPRESSED: Json = {
    "handler": "encode",
    "encodings": {"gzip": {}},
    "prefer": ["gzip"],
    "minimum_length": SHORTEST_COMPRESSED,
    "match": {"headers": {"Content-Type": [*COMPRESSED, *(f"{kind};*" for kind in COMPRESSED)]}},
}


def _snippets(host: VirtualHost, texts: Mapping[str, str]) -> Iterator[Json]:
    """Give the user's own routes, which come before the site's.

    Raises:
        Refusal: a file has something else in it.

    """
    for path in host.site.snippets:
        key = f"settings refused, nothing was changed\nsites[{host.name!r}]['snippets']: {path!r}"
        try:
            found = json.loads(texts[path])
        except ValueError as error:
            raise Refusal(f"{key}: write a list of Caddy's routes, in JSON ({error})") from None
        if not isinstance(found, list) or not all(isinstance(route, dict) for route in found):
            raise Refusal(f"{key}: write a list of Caddy's routes, in JSON")
        yield from found

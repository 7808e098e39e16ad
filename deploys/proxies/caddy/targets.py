"""From a virtual host's targets to Caddy's routes. Pure."""

from collections.abc import Iterator

from deploys.config import FilesRoute
from deploys.config.amounts import Duration
from deploys.places.apps import LIVE, SLOTS
from deploys.places.sites import MAINTENANCE
from deploys.proxies.caddy.words import (
    CLIENT,
    NAME,
    PATH,
    SENT,
    TARGET,
    Json,
    matches,
    quoted,
)
from deploys.proxies.durations import duration
from deploys.proxies.fingerprints import ASKED_FOR, RULES
from deploys.proxies.numbers import above
from deploys.routing import (
    AppTarget,
    FilesTarget,
    RedirectTarget,
    Routing,
    Target,
    UpstreamTarget,
    VirtualHost,
)

BUFFERED = 1 << 20
"""Bytes of a body that are held in memory, so that a slow client costs the app nothing."""


def target_routes(host: VirtualHost, target: Target, routing: Routing) -> Iterator[Json]:
    """Make the routes of a target."""
    match target:
        case AppTarget() | UpstreamTarget():
            within = [*_proxied(host, target, routing)]
        case FilesTarget():
            within = [*_files(target)]
        case RedirectTarget():
            within = [*_redirect(target)]
    path = target.path
    below = {} if path == "/" else {"match": [matches(PATH, f"^{quoted(path)}(?:/|$)")]}
    yield {**below, "handle": [{"handler": "subroute", "routes": within}], "terminal": True}


def error(status: int, *match: Json) -> Json:
    """Answer with an error, where any of these matches."""
    return {**({"match": [*match]} if match else {}), "handle": [{"handler": "error", "status_code": status}]}


# `/./` and `/../`, in whatever words; some app servers take `..;` for `..`, and `\` for `/`.
_DOT_SEGMENTS = r"(?i)^[^?]*(?:/|%2f|\\|%5c)(?:\.|%2e){1,2}(?:/|%2f|\\|%5c|[?#;]|%3b|$)"
NO_DOT_SEGMENTS = error(400, matches(SENT, _DOT_SEGMENTS), matches(TARGET, _DOT_SEGMENTS))
"""The app might see another path than the one whose route and rules have let a request in."""

# Neither HTTP/2 nor an app knows any other (RFC 9113, section 8.2.2).
_WEBSOCKET: Json = {
    "protocol": "http/1.1",
    "header_regexp": {"Upgrade": {"pattern": "^(?i:websocket)$"}},
}
_NO_OTHER_UPGRADE: Json = {
    "match": [{"header": {"Upgrade": ["*"]}, "not": [_WEBSOCKET]}],
    "handle": [{"handler": "headers", "request": {"delete": ["Upgrade", "Connection", "HTTP2-Settings"]}}],
}
# A tag says it better, and where there is one, a date does not count (RFC 9110, section 13.1.3).
_TAG_OR_DATE: Json = {
    "match": [{"header": {"If-None-Match": ["*"]}}],
    "handle": [{"handler": "headers", "request": {"delete": ["If-Modified-Since"]}}],
}
# Caddy reads what a placeholder stands for when that is asked for, and keeps what it has read of this one.
# A body without a length, it would take for whole where that was broken off.
_READ_FIRST: Json = {
    "match": [
        {
            "header": {"Content-Length": ["*"]},
            "not": [{"header_regexp": {"Content-Length": {"pattern": above(BUFFERED)}}}],
        }
    ],
    "handle": [{"handler": "vars", "body": "{http.request.body}"}],
}
_STREAM: list[Json] = [_WEBSOCKET, {"header_regexp": {"Accept": {"pattern": "text/event-stream"}}}]
"""WebSockets and event streams may be silent for long."""


def _proxied(host: VirtualHost, target: AppTarget | UpstreamTarget, routing: Routing) -> Iterator[Json]:
    route = target.route
    most = (route.max_body or host.site.max_body).bytes
    under_maintenance = {"file": {"root": MAINTENANCE, "try_files": [f"/{host.name}"]}}
    yield error(503, under_maintenance)
    yield NO_DOT_SEGMENTS
    yield error(413, {"header_regexp": {"Content-Length": {"pattern": above(most)}}})
    yield {"handle": [{"handler": "request_body", "max_size": most}]}
    yield _NO_OTHER_UPGRADE
    yield _TAG_OR_DATE
    if target.strip:
        yield error(400, {"not": [matches(TARGET, f"^{quoted(target.strip)}(?:[/?]|$)")]})
        yield {"handle": [_stripped(target.strip)]}
    buffered: Json = {"response_buffers": BUFFERED} if route.buffer_responses else {}
    for match, silence, more in ((_STREAM, route.idle_timeout, {}), (None, route.timeout, buffered)):
        within = [*_passed_on(target, {**_reverse_proxy(target, silence, routing), **more}, routing)]
        where: Json = {"match": match} if match else {}
        yield {**where, "handle": [{"handler": "subroute", "routes": within}], "terminal": True}


def _stripped(prefix: str) -> Json:
    """Take away the beginning of a path, and leave the rest of it as it was sent."""
    return {
        "handler": "rewrite",
        "path_regexp": [{"find": f"(?s)^{quoted(prefix)}(?:/(.*))?$", "replace": "/$1"}],
    }


def _passed_on(target: AppTarget | UpstreamTarget, to: Json, routing: Routing) -> Iterator[Json]:
    if not target.route.stream_requests:
        yield _READ_FIRST
    if isinstance(target, UpstreamTarget):
        upstream = routing.server.upstreams[target.route.upstream]
        passing: Json = {
            **to,
            "upstreams": [{"dial": server} for server in upstream.servers],
            "request_buffers": BUFFERED,  # without which no other server could be sent the same
            "load_balancing": {
                "selection_policy": {"policy": "round_robin"},
                # A request on which one server after another dies is not shown to all of them.
                "retries": 1,
                "try_interval": "1ms",
                "retry_match": [{"method": ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]}],
            },
        }
        yield {"handle": [passing]}
        return
    app = target.upstream
    # A file tells which slot has the traffic, so that moving it needs no reload; it is looked for once the
    # body is there, and a slot is there for a second after the last request that might go to it.
    b_is_live = {"file": {"root": LIVE, "try_files": [app.b_is_live.removeprefix(LIVE)]}}
    for match, slot in ((b_is_live, SLOTS[1]), (None, SLOTS[0])):
        where: Json = {"match": [match], "terminal": True} if match else {}
        yield {**where, "handle": [{**to, "upstreams": [{"dial": f"127.0.0.1:{app.slot_port(slot)}"}]}]}


def _reverse_proxy(target: AppTarget | UpstreamTarget, silence: Duration, routing: Routing) -> Json:
    route = target.route
    prefix = (route.prefix or "").rstrip("/")
    told = {
        "Host": [NAME],
        "X-Real-IP": [CLIENT],
        "X-Forwarded-For": [CLIENT],
        "X-Forwarded-Proto": ["https"],
        "X-Forwarded-Host": [NAME],
        "X-Forwarded-Port": ["443"],
        "X-Request-ID": ["{request_id}"],
        **({"X-Forwarded-Prefix": [prefix]} if prefix else {}),
    }
    dropped = ["Via", *([] if prefix else ["X-Forwarded-Prefix"])]
    patience = duration(silence)
    # No server of an app closes a connection sooner, on which a request might be on its way.
    idle = f"{target.upstream.idle}s" if isinstance(target, AppTarget) else "60s"
    return {
        "handler": "reverse_proxy",
        "transport": {
            "protocol": "http",
            "versions": ["1.1"],
            "dial_timeout": "5s",
            "response_header_timeout": patience,
            "read_timeout": patience,
            "write_timeout": patience,
            "compression": False,
            "max_response_header_size": routing.server.max_header.bytes,
            "network_proxy": {"from": "none"},
            "keep_alive": {"idle_timeout": idle, "max_idle_conns_per_host": 32},
        },
        "headers": {"request": {"set": told, "delete": dropped}},
        # What is open at a reload may go on for so long.
        "stream_close_delay": "1h",
    }


def _files(target: FilesTarget) -> Iterator[Json]:
    route, path = target.route, target.path
    folder = target.release_of.published_folder(route.files) if target.release_of else route.files
    yield {"handle": [{"handler": "vars", "log_skip": True}]}
    yield NO_DOT_SEGMENTS
    if path != "/":
        yield {
            "match": [matches(TARGET, rf"^{quoted(path)}(\?.*)?$", "query")],
            "handle": [_moved(301, f"{path}/{{http.regexp.query.1}}")],
            "terminal": True,
        }
        yield {"handle": [_stripped(path)]}
    server: Json = {"handler": "file_server", "root": folder, "index_names": ["index.html"]}
    if route.precompressed:
        server |= {"precompressed": {"gzip": {}}, "precompressed_order": ["gzip"]}
    if not route.fallback:
        kept = f"max-age={route.expires.milliseconds // 1000}" if route.expires else ASKED_FOR
        yield {"handle": [_kept(kept), server]}
        return
    yield from _single_page(route, folder, {**server, "canonical_uris": False})


def _single_page(route: FilesRoute, folder: str, server: Json) -> Iterator[Json]:
    """Answer with the file that is there, or with the one that stands for all others without an extension."""
    there = {"file": {"root": folder, "try_files": [PATH, f"{PATH}/index.html"], "try_policy": "first_exist"}}
    found = {"handler": "rewrite", "uri": "{http.matchers.file.relative}"}
    if route.expires:
        within: list[Json] = [{"handle": [_kept(f"max-age={route.expires.milliseconds // 1000}")]}]
    else:
        # Of a group, the first that matches counts.
        within = [
            {"group": "caching", "match": [matches(PATH, rule.pattern)], "handle": [_kept(rule.caching)]}
            for rule in RULES
        ]
        within.append({"group": "caching", "handle": [_kept(ASKED_FOR)]})
    within += [{"handle": [found, server]}]
    yield {"match": [there], "handle": [{"handler": "subroute", "routes": within}], "terminal": True}
    yield error(404, matches(PATH, r"\.[A-Za-z0-9]+$"))
    yield {"handle": [_kept(ASKED_FOR), {"handler": "rewrite", "uri": f"/{route.fallback}"}, server]}


def _kept(caching: str) -> Json:
    """Say how long clients may keep an answer, but an error."""
    said = {"set": {"Cache-Control": [caching]}, "deferred": True, "require": {"status_code": [2, 3]}}
    return {"handler": "headers", "response": said}


def _redirect(target: RedirectTarget) -> Iterator[Json]:
    route, path = target.route, target.path
    to = route.redirect if "://" in route.redirect else f"https://{NAME}{route.redirect}"
    if path == "/":
        yield {"handle": [_moved(route.status, f"{to.rstrip('/')}{TARGET}")]}
        return
    for pattern, there in ((r"(\?.*)?$", to), (r"(/.*)$", to.rstrip("/"))):
        yield {
            "match": [matches(TARGET, f"^{quoted(path)}{pattern}", "below")],
            "handle": [_moved(route.status, f"{there}{{http.regexp.below.1}}")],
            "terminal": True,
        }
    yield error(400)


def _moved(status: int, location: str) -> Json:
    return {"handler": "static_response", "status_code": status, "headers": {"Location": [location]}}

"""From the routing to Caddy's configuration: what all sites share. Pure."""

import json
from collections.abc import Mapping

from deploys.onhost.headers import FAMILIES, FORGED
from deploys.places.apps import SLOTS
from deploys.places.certificates import CHALLENGES, WEBROOT
from deploys.proxies.caddy.edges import believing, said_proto
from deploys.proxies.caddy.onhost.places import ADMIN
from deploys.proxies.caddy.sites import errors, named, redirects, routes
from deploys.proxies.caddy.tls import certificates, policies
from deploys.proxies.caddy.words import ABORT, PATH, SENT, STATUS, Json, matches
from deploys.proxies.client_ca import client_ca
from deploys.routing import Routing


def config(routing: Routing, texts: Mapping[str, str]) -> Json:
    """Make the whole configuration.

    Args:
        routing: the virtual hosts.
        texts: the contents of the user's own files, by their paths on the controller.

    """
    return {
        "admin": ADMIN,
        "logging": _LOGGING,
        "storage": {"module": "file_system", "root": "/run/gatehouse-caddy/storage"},
        "apps": {
            "tls": {"certificates": {"load_files": certificates(routing)}, "disable_ocsp_stapling": True},
            "http": {
                # For as long the former configuration answers, and tells clients that it ends.
                "shutdown_delay": "1s",
                "grace_period": "1h",
                "servers": _servers(routing, texts),
            },
        },
    }


def uses(routing: Routing) -> dict[str, list[str]]:
    """Say what the configuration needs of apps and certificates."""
    return {
        "upstreams": sorted(app.unit(slot) for app in routing.apps for slot in SLOTS),
        "certificates": [file["key"].rpartition("/")[0] for file in certificates(routing)],
    }


def written(config: Json) -> str:
    """Write a configuration as people can read it."""
    return json.dumps(config, indent=1, ensure_ascii=False) + "\n"


def _servers(routing: Routing, texts: Mapping[str, str]) -> Json:
    if routing.server.has_certificates:
        return {"http": _plain(routing), "https": _secure(routing, texts)}
    return {"http": _behind_tls(routing, texts)}


def _plain(routing: Routing) -> Json:
    redirected = [redirects(host, routing.server.edge) for host in routing.hosts]
    return {
        **_server(":80", routing),
        "routes": [_challenges(), *named(routing.hosts), *redirected, {"handle": [ABORT]}],
    }


def _secure(routing: Routing, texts: Mapping[str, str]) -> Json:
    http3 = any(host.site.http3 for host in routing.hosts)
    return {
        **_server(":443", routing),
        "protocols": ["h1", "h2", *(["h3"] if http3 else [])],
        "tls_connection_policies": policies(routing, client_ca(routing.server.edge, texts)),
        # Sites refuse by themselves what was asked for another name; this would refuse those by address, too.
        **({"strict_sni_host": False} if routing.server.edge and routing.server.edge.client_ca else {}),
        **_sites(routing, texts, _refusal(421)),
    }


def _behind_tls(routing: Routing, texts: Mapping[str, str]) -> Json:
    """Serve the sites over plain HTTP to who speaks TLS with clients."""
    return {**_server(":80", routing), "protocols": ["h1"], **_sites(routing, texts, ABORT)}


def _sites(routing: Routing, texts: Mapping[str, str], unknown: Json) -> Json:
    """Answer for the sites, and have what is asked of any other name handled."""
    hosts = routing.hosts
    return {
        "routes": [
            {"handle": [_IDENTIFIED, *_LOGGED, *said_proto(routing.server), _HONEST]},
            {"match": [_AT_ITS_END], "handle": [_LAST_ANSWER]},
            {"match": [_WITHOUT_LENGTH], "handle": [_LAST_ANSWER]},
            _challenges(),
            *named(hosts),
            *(routes(host, routing, texts) for host in hosts),
            {"match": [{"vars": {"{http.request.host}": [""]}}], "handle": [_refusal(400)]},
            {"handle": [unknown]},
        ],
        "errors": {"routes": [_NOTHING_AFTER, *(errors(host, texts) for host in hosts)]},
        "logs": {"default_logger_name": "access"},
    }


def _server(listen: str, routing: Routing) -> Json:
    return {
        "listen": [listen],
        "automatic_https": {"disable": True},
        # Go reads 4 KB more than it is told of a head.
        "max_header_bytes": max(routing.server.max_header.bytes - 4096, 1),
        "read_header_timeout": "15s",
        "idle_timeout": "65s",
        **believing(routing.server.edge),
    }


def _challenges() -> Json:
    """Answer the CA for every name, whatever the routes say (RFC 8555, section 8.3)."""
    return {
        "match": [matches(PATH, f"^{CHALLENGES}")],
        "handle": [
            {"handler": "headers", "response": {"set": {"Content-Type": ["text/plain"]}, "deferred": True}},
            {"handler": "file_server", "root": WEBROOT, "index_names": []},
        ],
        "terminal": True,
    }


def _refusal(status: int) -> Json:
    return {"handler": "static_response", "status_code": status}


# Over HTTP/2 it is told by a frame of its own; over HTTP/3 it would make an answer malformed (RFC 9114, 4.2).
_AT_ITS_END: Json = {"vars": {"{http.shutting_down}": ["true"]}, "not": [{"protocol": "http/3"}]}
# From HTTP/2 on a request's stream has its own end, whatever became of the body.
_OF_STREAMS: Json = {"protocol": "http/2+"}
# What has two lengths is shown with none: whoever stands before us may have read another end of it.
_WITHOUT_LENGTH: Json = {
    "header": {"Content-Length": None},
    "not": [{"method": ["GET", "HEAD"]}, _OF_STREAMS],
}
_LAST_ANSWER: Json = {
    "handler": "headers",
    "response": {"set": {"Connection": ["close"]}, "deferred": True},
}
# Where a body was not read to its end, what follows on the connection would be taken for another request.
_NOTHING_AFTER: Json = {
    "match": [{"vars": {STATUS: ["400", "413", "500", "502", "503", "504"]}, "not": [_OF_STREAMS]}],
    "handle": [_LAST_ANSWER],
}

_IDENTIFIED: Json = {
    # In the words of the other proxies: 32 digits.
    "handler": "map",
    "source": "{http.request.uuid}",
    "destinations": ["{request_id}"],
    "mappings": [{"input_regexp": "^(.{8})-(.{4})-(.{4})-(.{4})-(.{12})$", "outputs": ["$1$2$3$4$5"]}],
}

_HONEST: Json = {
    # App servers take `_` for `-`, and so one header for another.
    "handler": "headers",
    "request": {"delete": [*FORGED, *FAMILIES, "*_*"]},
}


def _logged(name: str, source: str, pattern: str) -> list[Json]:
    """Log what a client says in so few characters that no client fills the disk with it."""
    return [
        {
            "handler": "map",
            "source": source,
            "destinations": [f"{{logged_{name}}}"],
            "mappings": [{"input_regexp": pattern, "outputs": ["$1"]}],
            "defaults": ["(not printable)"],
        },
        {"handler": "log_append", "key": name, "value": f"{{logged_{name}}}"},
    ]


_LOGGED: list[Json] = [
    {"handler": "log_append", "key": "id", "value": "{request_id}"},
    {"handler": "log_append", "key": "upstream", "value": "{http.reverse_proxy.upstream.hostport}"},
    # Without what follows the `?`, as tokens travel there.
    *_logged("path", SENT, r"^([\x20-\x3e\x40-\x7e]{0,1000})[\x20-\x3e\x40-\x7e]*(?:\?.*)?$"),
    *_logged(
        "referrer",
        "{http.request.header.Referer}",
        r"^([\x20-\x3e\x40-\x7e]{0,300})[\x20-\x3e\x40-\x7e]*(?:\?.*)?$",
    ),
    *_logged("agent", "{http.request.header.User-Agent}", r"^([\x20-\x7e]{0,300})[\x20-\x7e]*$"),
]

_DROPPED = ("request>uri", "request>headers", "request>tls", "resp_headers", "user_id")
_CUT = {"request>host": 255, "request>method": 32}
"""What a client says that is logged as it is, and how many characters of it: the longest that a site has."""
_LOGGING: Json = {
    "logs": {
        "default": {
            "writer": {"output": "stderr"},
            "encoder": {"format": "console", "time_format": "iso8601"},
            "level": "WARN",
            "exclude": ["http.log.access"],
        },
        # Whoever starts Caddy opens the file, which Caddy itself cannot read.
        "access": {
            "writer": {"output": "stdout"},
            "encoder": {
                "format": "filter",
                "wrap": {"format": "json", "time_format": "rfc3339"},
                "fields": {
                    **{name: {"filter": "delete"} for name in _DROPPED},
                    **{
                        name: {"filter": "regexp", "regexp": f"(?s)^(.{{{most}}}).*$", "value": "$1"}
                        for name, most in _CUT.items()
                    },
                },
            },
            "include": ["http.log.access"],
        },
    }
}

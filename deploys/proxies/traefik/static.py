"""What Traefik reads once, when it starts: where it listens, and what it tells. Pure.

A change of it takes a restart. So little of the settings is here: whom to believe, how long a head may be,
and whether there is HTTP/3.
"""

from collections.abc import Mapping
from typing import Any

from deploys.config import Server
from deploys.proxies.traefik.edges import Believed
from deploys.proxies.traefik.onhost import where

ACCESS_LOG = f"{where.LOGS}/access.log"
LONGEST_UPLOAD = "10m"
"""How long a request may be on its way, its body included: all that Traefik has against slow clients."""
_HEADS = 4
"""A head has several lines, and Traefik counts them together."""


def static(server: Server, edge: Believed | None) -> dict[str, Any]:
    """Write the static configuration."""
    return {
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "entryPoints": {
            "web": _entry(":80", server, edge),
            **_over_tls(server, edge),
            "traefik": {
                "address": f"{where.LOOPBACK}:{where.API_PORT}",
                "http": {"aliasHeadersStrategy": "reject"},
            },
        },
        "api": {"insecure": True, "dashboard": False, "disableDashboardAd": True},
        "core": {"strictTLSOptions": True},
        "providers": {
            # What has changed is read after so much quiet; the default is two seconds.
            "providersThrottleDuration": "100ms",
            "file": {"filename": str(where.FOLLOWED)},
        },
        "log": {"level": "ERROR", "noColor": True},
        "accessLog": {
            "filePath": ACCESS_LOG,
            "format": "json",
            "fields": {
                "defaultMode": "drop",
                "names": dict.fromkeys(LOGGED, "keep"),
                "headers": {"defaultMode": "drop", "names": {"User-Agent": "keep"}},
                # Tokens travel there.
                "queryParameters": {"defaultMode": "drop"},
            },
        },
    }


LOGGED = (
    *("ClientHost", "RequestMethod", "RequestHost", "RequestPath", "RequestProtocol", "DownstreamStatus"),
    *("RequestContentSize", "DownstreamContentSize", "Duration", "ServiceAddr", "OriginStatus"),
    *("OriginDuration", "TLSVersion", "RouterName", "StartUTC"),
)


def _over_tls(server: Server, edge: Believed | None) -> dict[str, Any]:
    if not server.has_certificates:
        return {}
    return {"websecure": _entry(":443", server, edge) | _http3(server)}


def _entry(address: str, server: Server, edge: Believed | None) -> dict[str, Any]:
    return {
        "address": address,
        **_believed(edge),
        "http": {
            # What an app might take for a header of the proxy's own.
            "aliasHeadersStrategy": "delete",
            # What is routed is what was sent; what would mislead an app is refused by the sites' routers.
            "sanitizePath": False,
            "encodeQuerySemicolons": True,
            "encodedCharacters": {"allowEncodedNullCharacter": False},
            "maxHeaderBytes": _HEADS * server.max_header.bytes,
        },
        "transport": {
            "respondingTimeouts": {"readTimeout": LONGEST_UPLOAD, "idleTimeout": "65s"},
            "lifeCycle": {"graceTimeOut": "10s"},
        },
    }


def _believed(edge: Believed | None) -> Mapping[str, Any]:
    if edge is None:
        return {}
    trusted = {"trustedIPs": [*edge.addresses]}
    if edge.proxy_protocol:
        return {"proxyProtocol": trusted}
    return {"forwardedHeaders": {**trusted, "notAppendXForwardedFor": True}}


def _http3(server: Server) -> dict[str, Any]:
    return {"http3": {"advertisedPort": 443}} if any(site.http3 for site in server.sites.values()) else {}

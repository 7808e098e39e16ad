"""Settings as teams have them, within what Traefik can do; the same as with the other proxies."""

from copy import deepcopy
from typing import Any

from tests.proxies.nginx import typical

TRAEFIK: dict[str, Any] = {"proxy": "traefik", "proxy_program": {"file": "traefik"}}
SMALLEST: dict[str, Any] = {**typical.SMALLEST, **TRAEFIK}
BY_ADDRESS: dict[str, Any] = {**typical.BY_ADDRESS, **TRAEFIK}
BEHIND_CLOUDFLARE: dict[str, Any] = {**typical.BEHIND_CLOUDFLARE, **TRAEFIK}


def _team() -> dict[str, Any]:
    found = deepcopy(typical.TEAM)
    www, legacy = found["sites"]["www.example.com"], found["sites"]["legacy.example.com"]
    del www["snippets"], www["error_pages"][404], www["routes"]["/upload/"]["stream_requests"]
    del www["routes"]["/static/"], www["routes"]["/app/"]
    legacy["http3"] = True
    del found["upstreams"]["legacy"]["balance"]
    return {**found, **TRAEFIK}


def _behind_a_balancer() -> dict[str, Any]:
    found = {**typical.BEHIND_A_BALANCER, **TRAEFIK}
    del found["snippets"]
    return found


TYPICAL = {
    "smallest": SMALLEST,
    "team": _team(),
    "cloudflare": BEHIND_CLOUDFLARE,
    "balancer": _behind_a_balancer(),
    "pulled": {**typical.PULLED, **TRAEFIK},
    "plain": {**typical.WITHOUT_TLS, **TRAEFIK},
    "address": BY_ADDRESS,
}

"""The sites that the suite asks things of, in words that any proxy must be able to render."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from deploys.proxies.lacks import is_meant

STATIC = "/srv/conformance"
PORTS = {"root": 20100, "api": 20110, "admin": 20120, "plain": 20130}
POOL = {"one": 20140, "two": 20141, "three": 20142}
DEAD = 20149

APPS: dict[str, Any] = {
    name: {"source": ".", "asgi": "demo:app", "port": port} for name, port in PORTS.items()
}

SITES: dict[str, Any] = {
    "shop.test": {
        "aliases": ["www.shop.test"],
        "max_body": "100k",
        "error_pages": {502: "tests/conformance/pages/broken.html"},
        "routes": {
            "/": {"app": "root"},
            "/api/v1": {"app": "api", "prefix": "/api/v1"},
            "/api/v1/admin/": {"app": "admin"},
            "/plain/": {"app": "plain"},
            "/static/": {"files": f"{STATIC}/static", "expires": "1h"},
            "/pages": {"files": f"{STATIC}/pages"},
            "/old": {"redirect": "/new"},
            "/OLD": {"redirect": "/NEW"},
            "/away/": {"redirect": "https://elsewhere.test/base/", "status": 302},
            "/pool/": {"upstream": "pool", "prefix": "/pool"},
            "/failing/": {"upstream": "failing", "prefix": "/failing", "timeout": "2s"},
            "/busy/": {"upstream": "busy", "prefix": "/busy"},
            "/rated/": {"app": "root", "limits": {"rate": "1/m", "burst": 4}},
            "/strict/": {"app": "root", "limits": {"rate": "1/m", "burst": 0}},
            "/narrow/": {"app": "root", "limits": {"connections": 2}},
            "/large/": {"app": "root", "max_body": "3m"},
            "/direct/": {"app": "root", "stream_requests": True},
            "/buffered/": {"app": "root", "buffer_responses": True},
            "/slow/": {"app": "root", "timeout": "1s", "max_body": "3m"},
            "/quick/": {"app": "root", "timeout": "1s", "idle_timeout": "4s"},
        },
    },
    "other.test": {
        "aliases": ["second.other.test"],
        "redirect_aliases": False,
        "hsts": {"max_age": 31_536_000, "include_subdomains": True, "preload": True},
        "client_timeout": "2s",
        "compress": False,
        "blocked": ["/secret"],
        "routes": {"/app/": {"app": "plain"}, "/": {"redirect": "https://shop.test", "status": 307}},
    },
    "spa.test": {
        "max_body": "10k",
        "error_pages": dict.fromkeys((400, 404, 405, 413, 429), "tests/conformance/pages/broken.html"),
        "routes": {
            "/": {"files": f"{STATIC}/spa", "fallback": "index.html"},
            "/kept/": {"files": f"{STATIC}/spa", "fallback": "sub/page.html", "expires": "1h"},
            "/api/": {"app": "plain", "max_body": "1m"},
            "/closed/": {"app": "plain", "limits": {"rate": "1/m", "burst": 0}},
        },
    },
    "faulty.test": {
        "max_body": "100k",
        "error_pages": {
            status: f"tests/conformance/pages/{status}.html"
            for status in (400, 404, 405, 413, 414, 429, 502, 503, 504)
        },
        "routes": {
            "/": {"files": f"{STATIC}/static"},
            "/app/": {"app": "plain", "max_body": "3m"},
            "/slow/": {"app": "plain", "max_body": "3m", "timeout": "1s"},
            "/dead/": {"upstream": "dead", "max_body": "3m"},
            "/closed/": {"app": "plain", "max_body": "3m", "limits": {"rate": "1/m", "burst": 0}},
        },
    },
    "bare.test": {"hsts": False, "blocked": ["/private", "/."], "routes": {"/app": {"app": "plain"}}},
}

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "client_connections": 100,
    "apps": APPS,
    "upstreams": {
        "pool": {"servers": [f"127.0.0.1:{port}" for port in POOL.values()]},
        "failing": {"servers": [f"127.0.0.1:{DEAD}", f"127.0.0.1:{POOL['one']}"], "fail_timeout": "2s"},
        "dead": {"servers": [f"127.0.0.1:{DEAD}"]},
        "busy": {"servers": [f"127.0.0.1:{port}" for port in POOL.values()], "balance": "least_conn"},
    },
    "sites": SITES,
}

_WHERE_TO = {"app", "upstream", "files", "redirect"}


def able(settings: Mapping[str, Any], lacks: Collection[str]) -> dict[str, Any]:
    """Give the settings without what a proxy refuses, and without routes that then lead nowhere.

    Args:
        settings: all of them.
        lacks: patterns of keys, as a proxy has them.

    """
    found = deepcopy({**settings})
    for pattern in lacks:
        _strike(found, pattern.split("."))
    for site in found["sites"].values():
        site["routes"] = {path: route for path, route in site["routes"].items() if route.keys() & _WHERE_TO}
    return found


def _strike(group: Any, pattern: list[str]) -> None:
    first, *rest = pattern
    for key in [key for key in group if is_meant(str(key), first)]:
        if rest and isinstance(group[key], dict):
            _strike(group[key], rest)
        elif not rest:
            del group[key]

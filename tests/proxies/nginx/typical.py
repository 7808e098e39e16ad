"""Settings as teams have them, whose configuration is kept as a golden file and reviewed like code."""

from typing import Any

from deploys.base.machine import Machine


def machine(
    distribution: str,
    release: str,
    codename: str,
    versions: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]],
    *,
    ipv6: bool = True,
) -> Machine:
    """Make a machine of the versions of its nginx, its OpenSSL and its certbot."""
    nginx, openssl, certbot = versions
    return Machine(distribution, release, codename, openssl, certbot, ipv6, {"nginx": nginx})


TRIXIE = ((1, 26, 3), (3, 5, 1), (4, 0, 0))
MACHINES = {
    "debian-12": machine("debian", "12", "bookworm", ((1, 22, 1), (3, 0, 17), (2, 1, 0))),
    "debian-13": machine("debian", "13", "trixie", TRIXIE),
    "forky": machine("debian", "", "forky", ((1, 30, 0), (3, 5, 4), (5, 5, 0))),
    "ubuntu-22.04": machine("ubuntu", "22.04", "jammy", ((1, 18, 0), (3, 0, 2), (1, 21, 0))),
    "debian-13-without-ipv6": machine("debian", "13", "trixie", TRIXIE, ipv6=False),
}

ACME = {"email": "ops@example.com"}
SHOP = {"source": ".", "asgi": "shop:app", "port": 20000}
API = {"source": ".", "asgi": "api:app", "port": 20010}

SMALLEST: dict[str, Any] = {
    "acme": ACME,
    "apps": {"shop": SHOP},
    "sites": {"example.com": {"routes": {"/": {"app": "shop"}}}},
}

TEAM: dict[str, Any] = {
    "acme": ACME,
    "apps": {"shop": SHOP, "api": API},
    "upstreams": {"legacy": {"servers": ["192.0.2.7:8000", "[2001:db8::7]:8000"], "balance": "least_conn"}},
    "sites": {
        "www.example.com": {
            "aliases": ["example.com"],
            "hsts": {"include_subdomains": True},
            "http3": True,
            "error_pages": {503: "pages/maintenance.html", 404: "pages/missing.html"},
            "snippets": ["nginx/shop.conf"],
            "routes": {
                "/": {"app": "shop"},
                "/api/v1/": {
                    "app": "api",
                    "prefix": "/api/v1",
                    "limits": {"rate": "10/s", "connections": 20},
                },
                "/upload/": {"app": "shop", "max_body": "2g", "stream_requests": True, "timeout": "10m"},
                "/static/": {"files": "static", "release_of": "shop", "expires": "30d"},
                "/app/": {"files": "dist", "release_of": "shop", "fallback": "index.html"},
                "/old/": {"redirect": "/"},
            },
        },
        "legacy.example.com": {"routes": {"/": {"upstream": "legacy"}}, "blocked": [], "compress": False},
    },
}

BEHIND_CLOUDFLARE = {**SMALLEST, "edge": {"cloudflare": True, "only": True}, "tls": "modern"}

BEHIND_A_BALANCER = {
    **SMALLEST,
    "edge": {"addresses": ["10.0.0.0/24"], "tells_by": "PROXY"},
    "max_header": "32k",
    "snippets": ["nginx/http.conf"],
}

PULLED = {**SMALLEST, "edge": {"cloudflare": True, "client_ca": "cloudflare", "only": "firewall"}}

WITHOUT_TLS = {
    **{key: value for key, value in SMALLEST.items() if key != "acme"},
    "edge": {"addresses": ["10.0.0.0/24"], "speaks": "HTTP", "only": True},
}

BY_ADDRESS = {
    **SMALLEST,
    "acme": {**ACME, "profile": "shortlived"},
    "sites": {"192.0.2.1": {"routes": {"/": {"app": "shop"}}}, **SMALLEST["sites"]},
}

TYPICAL: dict[str, tuple[dict[str, Any], Machine]] = {
    "smallest-debian-12": (SMALLEST, MACHINES["debian-12"]),
    "smallest-debian-13": (SMALLEST, MACHINES["debian-13"]),
    "smallest-without-ipv6": (SMALLEST, MACHINES["debian-13-without-ipv6"]),
    "smallest-ubuntu-22.04": (SMALLEST, MACHINES["ubuntu-22.04"]),
    "team-forky": (TEAM, MACHINES["forky"]),
    "cloudflare-debian-13": (BEHIND_CLOUDFLARE, MACHINES["debian-13"]),
    "balancer-debian-12": (BEHIND_A_BALANCER, MACHINES["debian-12"]),
    "pulled-debian-13": (PULLED, MACHINES["debian-13"]),
    "plain-debian-13": (WITHOUT_TLS, MACHINES["debian-13"]),
    "address-debian-13": (BY_ADDRESS, MACHINES["debian-13"]),
}

"""What sites say with their answers, in the same words by whichever proxy. Pure."""

from deploys.config import Hsts, Site

OFFERS_HTTP3 = 'h3=":443"; ma=86400'
"""At which port, and for how many seconds a client may count on it (RFC 7838)."""

UNAVAILABLE = (502, 503, 504)
"""What a proxy itself answers where an app does not, with a page of the site's."""

COMPRESSED = (
    *("application/javascript", "application/json", "application/manifest+json", "application/xml"),
    *("application/wasm", "image/svg+xml", "text/css", "text/html", "text/javascript", "text/plain"),
    "text/xml",
)
"""What gets smaller, where the proxy has no list of its own."""
SHORTEST_COMPRESSED = 1024
"""Bytes below which that is not worth it."""


def hsts(site: Site) -> str:
    """Say what browsers are told about a site and HTTPS (RFC 6797); nothing where the settings want none."""
    if not isinstance(site.hsts, Hsts):
        return ""
    words = (f"max-age={site.hsts.max_age}", "includeSubDomains", "preload")
    said = (True, site.hsts.include_subdomains, site.hsts.preload)
    return "; ".join(word for word, is_said in zip(words, said, strict=True) if is_said)

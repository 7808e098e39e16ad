"""Traefik's middlewares, each by what it is for. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from deploys.config import RedirectRoute
from deploys.config.amounts import Rate, Size
from deploys.proxies.answers import COMPRESSED, SHORTEST_COMPRESSED
from deploys.proxies.traefik.pieces import Piece, middleware, named

_NOBODY = "255.255.255.255/32"
_HOST = r"(\[[^/\]]*\]|[^/:]+)(?::[^/]*)?"
"""The name in a URL, without its port."""


def answer(status: int) -> Piece:
    """Answer with a status: whom an allow list does not have gets one, and nobody has this address."""
    return middleware(f"answer-{status}", "ipAllowList", sourceRange=[_NOBODY], rejectStatusCode=status)


def to_https() -> Piece:
    """Lead to the same over HTTPS."""
    return middleware("to-https", "redirectScheme", scheme="https", permanent=True)


def to_name(site: str, authority: str) -> Piece:
    """Lead to a site's own name, whatever is asked for."""
    return _redirect(
        f"{site}:to-its-name", rf"^https?://{_HOST}(.*)$", f"https://{_literal(authority)}${{2}}"
    )


def redirects(name: str, path: str, route: RedirectRoute) -> list[Piece]:
    """Lead elsewhere with what follows the path, and with the query, as they were sent.

    A path that is sent in other words than its own fits none of them.
    """
    to = _literal(route.redirect)
    if "://" not in route.redirect:
        to = f"https://${{1}}{to}"
    permanent = route.status in {301, 308}
    if path == "/":
        return [_redirect(f"{name}:redirect", rf"^https?://{_HOST}(.*)$", f"{to}${{2}}", permanent=permanent)]
    start = rf"^https?://{_HOST}{re.escape(path)}"
    return [
        _redirect(f"{name}:redirect", rf"{start}(\?.*)?$", f"{to}${{2}}", permanent=permanent),
        _redirect(
            f"{name}:redirect-below", rf"{start}(/.*)$", f"{to.rstrip('/')}${{2}}", permanent=permanent
        ),
    ]


def strip(prefix: str) -> Piece:
    """Take a prefix away, and tell the app so in X-Forwarded-Prefix."""
    return middleware(named("strip", prefix), "stripPrefix", prefixes=[prefix])


def prefixed(prefix: str) -> Piece:
    """Tell an app that keeps its prefix of it in X-Forwarded-Prefix."""
    return middleware(named("below", prefix), "headers", customRequestHeaders={"X-Forwarded-Prefix": prefix})


def compress() -> Piece:
    """Compress text for who can read it so."""
    return middleware(
        "compress",
        "compress",
        encodings=["gzip"],
        minResponseBodyBytes=SHORTEST_COMPRESSED,
        includedContentTypes=[*COMPRESSED],
    )


def bounded(name: str, most: Size) -> Piece:
    """Read a body whole, as nothing says how long it is, and refuse it where it is longer."""
    return middleware(
        f"{name}:bounded", "buffering", maxRequestBodyBytes=most.bytes, disableResponseBuffer=True
    )


def rate(name: str, rate: Rate, burst: int, client: Mapping[str, Any]) -> Piece:
    """Count requests per time: there are as many tokens as the burst, and one more."""
    limit = {"average": rate.requests, "period": f"{rate.seconds}s", "burst": burst + 1}
    return middleware(f"{name}:rate", "rateLimit", **limit, sourceCriterion=client)


def open_requests(name: str, most: int, client: Mapping[str, Any]) -> Piece:
    """Count what a client has open."""
    return middleware(f"{name}:open-requests", "inFlightReq", amount=most, sourceCriterion=client)


def retry() -> Piece:
    """Ask one other server where the first does not answer, unless that might do something twice."""
    return middleware("another-server", "retry", attempts=2)


def page(name: str, place: str) -> Piece:
    """Have the program that answers for us say this, whatever was asked for."""
    return middleware(name, "replacePath", path=place)


def _redirect(name: str, pattern: str, to: str, *, permanent: bool = True) -> Piece:
    return middleware(name, "redirectRegex", regex=pattern, replacement=to, permanent=permanent)


def _literal(text: str) -> str:
    """Write what stands in a replacement for itself (regexp.Expand of Go's)."""
    return text.replace("$", "$$")

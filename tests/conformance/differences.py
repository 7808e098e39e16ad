"""Where a proxy does not do what the cases say, and why: each is tried as it is told here, and published."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.conformance.cases import CUT, Case
from tests.conformance.difference import Difference, raw
from tests.conformance.differences_of_traefik import TRAEFIK
from tests.conformance.tables.forwarded import UNHEARD_OF

_LENGTHS = "the one that counts is read (RFC 9112, section 6.3), and then the connection is closed"

CADDY = (
    *(
        Difference("routes", (about,), "what no URL may have is passed on as escapes", {"target": seen})
        for about, seen in (
            (r"shop.test/\xc3\xa4", "/%C3%A4"),
            (r"shop.test/a\b", "/a%5Cb"),
            (r"shop.test/a\..b", "/a%5C..b"),
            (r"shop.test/a\.b\...\c", "/a%5C.b%5C...%5Cc"),
            ("shop.test/a'\"<>|{}^`b", "/a%27%22%3C%3E%7C%7B%7D%5E%60b"),
        )
    ),
    *(
        Difference(
            "files",
            (about,),
            "the character set is said, too",
            {"headers": {"content-type": f"{kind}; charset=utf-8"}},
        )
        for about, kind in (("a file", "text/plain"), ("a style sheet", "text/css"))
    ),
    Difference(
        "forwarded",
        ("names of the same families that nobody has written down",),
        "headers in which clients have no say are dropped by whole families, not by their names alone",
        {"seen": {name.lower(): None for name in UNHEARD_OF}},
    ),
    Difference("files", ("a folder without an index",), "what cannot be shown is not there", {"status": 404}),
    Difference("files", ("a folder without its slash",), "its slash is led to by 308", {"status": 308}),
    Difference("files", ("below a file",), "below a file there can be nothing to ask for", {"status": 400}),
    Difference(
        "files",
        ("dots within the folder",),
        "dot segments are refused for files, too, as clients resolve them before they ask",
        {"status": 400, "contains": ""},
    ),
    Difference(
        "sizes",
        ("a page for what is malformed",),
        "what is no HTTP is answered before it is known for which site it was",
        {"contains": "400 Bad Request"},
    ),
    Difference(
        "sizes",
        ("a path that is too long", "a query that is too long"),
        "`max_header` counts all of a request's head, and too long a one is 431",
        {"status": 431},
    ),
    Difference(
        "smuggling",
        ("CL.TE", "TE in HTTP/1.0"),
        _LENGTHS,
        {"status": 200},
    ),
    Difference("smuggling", ("what follows a body of two lengths",), _LENGTHS, {"answers": ["200"]}),
    Difference(
        "smuggling",
        ("two equal Content-Lengths",),
        "what is said twice is what was said (RFC 9110, section 8.6)",
        {
            "request": raw(
                b"POST /x HTTP/1.1|Host: shop.test|Content-Length: 43|Content-Length: 43|Connection: close",
                b"GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n",
            ),
            "status": 200,
        },
    ),
    Difference("smuggling", ("TE.TE",), "it is 501 for what is not implemented", {"status": 501}),
    Difference(
        "smuggling",
        (
            *("TE.CL", "a chunk's size with 0x", "a chunk without an end of line", "no chunk but text"),
            *("a chunk's size that is too large", "a chunk's size that is negative"),
            "a chunk that is longer than it says",
        ),
        "a body in chunks is passed on as it comes, and ends with 502 where it is malformed",
        {"status": (400, 502)},
    ),
    Difference(
        "errors",
        ("what is malformed, over HTTP/2 and HTTP/3",),
        "its stream is reset, and nothing else on the connection",
        {"status": CUT},
    ),
)

DIFFERENCES: Mapping[str, tuple[Difference, ...]] = {"caddy": CADDY, "traefik": TRAEFIK}
"""By the proxy's name."""


def instead(proxy: str, table: str, about: str) -> Mapping[str, Any]:
    """Give what of a case is another with a proxy."""
    for difference in DIFFERENCES.get(proxy, ()):
        if difference.table == table and about in difference.cases:
            return difference.instead
    return {}


def as_with(proxy: str, table: str, case: Case) -> Case:
    """Give a case as it is with a proxy."""
    return replace(case, **instead(proxy, table, case.about))

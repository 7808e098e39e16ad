"""Where Traefik does not do what the cases say, and why."""

from tests.conformance.cases import CLIENT, CUT
from tests.conformance.difference import Difference, raw

_PLAIN = "errors of its own have no page, but a few plain words, as it cannot tell them from the app's"
_REDIRECTS = "it redirects GET by 301 and 302, and what must keep its method by 308 and 307"
_NOT_CUT = "no connection is cut off: what is refused, or unknown, gets an answer"
_NO_ID = "requests get no id, and none that a client makes up reaches the app"
_WRITTEN = "escapes that need not be are taken away, and missing ones added (RFC 3986, section 6.2.2)"
_SLASHES = "below a prefix that is taken away, two slashes are refused, as the rest might be another path"
_HEAD = "all lines of a head are counted together, four times `max_header` of them"
_CHUNKS = "a body in chunks is read whole, and ends with 500 where it is malformed"
_LENGTHS = (
    "the one that counts is read (RFC 9112, section 6.3), but the connection is not closed: "
    "what follows is the next request"
)
_HSTS = {"strict-transport-security": "max-age=63072000"}
_METHODS = ("POST", "PUT", "DELETE", "PATCH", "QUERY")
_SIZES = (0, 1, 100_000, 2_000_000)

TRAEFIK = (
    Difference("answers", ("HSTS at a redirect",), _REDIRECTS, {"status": 301}),
    Difference("answers", ("HSTS",), _NO_ID, {"headers": _HSTS}),
    Difference("answers", ("the request's id is said once",), _NO_ID, {"headers": {"x-request-id": "own"}}),
    Difference(
        "answers", ("no version", "no version in an error"), "it has no name", {"headers": {"server": None}}
    ),
    Difference(
        "answers",
        (
            *("the app closes without an answer", "a neutral page elsewhere", "the app takes too long"),
            "no page instead of the method",
        ),
        _PLAIN,
        {"contains": "Gateway", "headers": {}},
    ),
    Difference(
        "answers",
        (
            *("/.env is cut off", "/.git/config is cut off", "/%2egit/config is cut off"),
            *("/x/.svn/entries is cut off", "/wp-login.php is cut off", "/WP-Login.php?x=1 is cut off"),
            *("/wp-admin/setup.php is cut off", "/cgi-bin/luci is cut off", "/vendor/phpunit/x is cut off"),
            *("what a site blocks", "hidden files of a list of one's own"),
            "what a list of one's own has beside them",
        ),
        _NOT_CUT,
        {"status": 404},
    ),
    Difference(
        "answers", ("/.well-known/../.env is cut off", "/./.env is cut off"), _NOT_CUT, {"status": 400}
    ),
    Difference(
        "forwarded",
        ("what an app is told",),
        _NO_ID,
        {"seen": {"host": "shop.test", "x-forwarded-for": CLIENT, "x-real-ip": CLIENT, "x-request-id": None}},
    ),
    Difference("forwarded", ("X-Request-ID: forged at /x",), _NO_ID, {"seen": {"x-request-id": None}}),
    Difference(
        "names",
        ("an unknown name over HTTP gets no answer", "an address over HTTP gets no answer"),
        _NOT_CUT,
        {"status": 404},
    ),
    Difference("names", ("an empty Host",), "no site has it, so it is misdirected", {"status": 421}),
    Difference(
        "redirects",
        ("to HTTPS, escapes as sent",),
        _WRITTEN,
        {
            "headers": {
                "location": "https://shop.test/%0D%0AX-Evil:%201",
                "strict-transport-security": None,
            }
        },
    ),
    Difference("redirects", ("HEAD to HTTPS",), _REDIRECTS, {"status": 308}),
    Difference(
        "redirects",
        ("Host in capitals",),
        "a name stays in the letters in which it was asked for",
        {"headers": {"location": "https://SHOP.TEST/a", "strict-transport-security": None}},
    ),
    Difference(
        "redirects",
        (
            *("a redirect's own path", "a redirect's own path with a query", "a redirect keeps what follows"),
            *("a redirect keeps the slash", "a redirect that differs in case alone"),
            "a redirect keeps braces",
        ),
        _REDIRECTS,
        {"status": 301},
    ),
    Difference(
        "redirects",
        (
            *("a whole site elsewhere", "a whole site elsewhere, its root"),
            *("no way out of a redirect by slashes", "no way out of a redirect by an at sign"),
        ),
        _REDIRECTS,
        {"status": 302},
    ),
    Difference(
        "redirects",
        ("a redirect keeps dots",),
        "dot segments are refused for redirects, too, as clients resolve them before they ask",
        {"status": 400, "headers": {}},
    ),
    Difference("redirects", ("a redirect in other words is refused",), _WRITTEN, {"status": 301}),
    *(
        Difference("routes", (about,), _WRITTEN, {"target": seen})
        for about, seen in (
            ("shop.test/a%2e%2e", "/a.."),
            (r"shop.test/\xc3\xa4", "/%C3%A4"),
            ("shop.test/%ff%fe", "/%FF%FE"),
            (r"shop.test/a\b", "/a%5Cb"),
            ("shop.test/a%5cb..%5cc", "/a%5Cb..%5Cc"),
            (r"shop.test/a\..b", "/a%5C..b"),
            (r"shop.test/a\.b\...\c", "/a%5C.b%5C...%5Cc"),
            ("shop.test/a'\"<>|{}^`b", "/a%27%22%3C%3E%7C%7B%7D%5E%60b"),
            ("shop.test/api/v1/%61dmin/x", "/api/v1/admin/x"),
            ("shop.test/%70lain/x", "/plain/x"),
        )
    ),
    Difference("routes", ("shop.test/%61pi/v1/items is refused",), _WRITTEN, {"status": 200}),
    Difference(
        "routes",
        ("shop.test/api/v1//items", "shop.test/api/v1///", "shop.test/api/v1/a//b"),
        _SLASHES,
        {"status": 400},
    ),
    Difference("routes", ("method CONNECT",), "it is 501 for what is not implemented", {"status": 501}),
    Difference(
        "sizes",
        (
            *(f"{method} of {size} that the app leaves" for size in _SIZES for method in _METHODS),
            *(f"a body of {size} on which the app takes too long" for size in _SIZES),
            "a stream that the app leaves",
        ),
        _PLAIN,
        {"contains": "Gateway"},
    ),
    Difference(
        "sizes", ("a page for what is too much", "a page for what is malformed"), _PLAIN, {"contains": ""}
    ),
    Difference(
        "sizes",
        ("a header that is too long", "a path that is too long", "a query that is too long"),
        _HEAD,
        {"status": 200},
    ),
    Difference(
        "sizes",
        tuple(f"what is blocked, at the end of a long path of {part}" for part in ("/a", "/a.b", "/%61")),
        _NOT_CUT,
        {"status": 404},
    ),
    Difference(
        "smuggling",
        ("CL.TE",),
        _LENGTHS,
        {
            "request": raw(
                b"POST /x HTTP/1.1|Host: shop.test|Content-Length: 4|Transfer-Encoding: chunked", b"0\r\n\r\n"
            ),
            "status": 200,
            "length": 0,
        },
    ),
    Difference("smuggling", ("what follows a body of two lengths",), _LENGTHS, {"answers": ["200", "200"]}),
    Difference(
        "smuggling",
        ("TE in HTTP/1.0",),
        "HTTP/1.0 has no such header, and the connection is closed",
        {"status": 200},
    ),
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
        _CHUNKS,
        {"status": 500},
    ),
    Difference("smuggling", ("HTTP/2's preface",), "there is no such path", {"status": (404, CUT)}),
    Difference(
        "upstreams",
        ("a request that may be sent again, and one server leaves",),
        "another server is asked only where the first takes no connection",
        {"servers": 1},
    ),
    Difference(
        "upstreams",
        ("an answer that breaks off",),
        "it is cut off before its head, which has not left yet",
        {"status": CUT},
    ),
    Difference("limits", ("open requests of two sites",), "each site counts its own", {"sites": 1}),
)

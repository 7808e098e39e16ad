"""How much is taken."""

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import Request


def post(target: str, size: int, host: str = "shop.test") -> Request:
    return Request(target, method="POST", host=host, body=b"x" * size)


def failing(deed: str, target: str, size: int, method: str = "POST") -> Request:
    return Request(target, method=method, body=b"x" * size, headers=(("X-Do", deed),))


BODIES = (0, 1, 100_000, 2_000_000)
"""Of a route that takes more than its site."""

CHUNKED = (("Transfer-Encoding", "chunked"),)
TOO_LONG = b"19001\r\n" + b"x" * 0x19001 + b"\r\n0\r\n\r\n"

CASES = (
    *(
        Case(
            f"{method} of {size} that the app leaves",
            failing("vanish", "/large/x", size, method),
            502,
            contains="the shop is broken",
        )
        for size in BODIES
        for method in ("POST", "PUT", "DELETE", "PATCH", "QUERY")
    ),
    Case(
        "a stream that the app leaves",
        Request(
            "/large/x",
            method="POST",
            body=b"x" * 2_000_000,
            headers=(("X-Do", "vanish"), ("Accept", "text/event-stream")),
        ),
        502,
        contains="the shop is broken",
    ),
    *(
        Case(
            f"a body of {size} on which the app takes too long",
            failing("sleep:30", "/slow/x", size),
            504,
            contains="Not available at the moment",
        )
        for size in BODIES
    ),
    *(
        Case(
            f"{method} of {size} that is too much",
            Request("/api/x", host="spa.test", method=method, body=b"x" * size),
            (413, CUT),
            contains="",
        )
        for size in (1_048_577, 3_000_000)
        for method in ("POST", "PUT")
    ),
    Case(
        "a page for what is too much",
        Request("/api/x", host="spa.test", method="POST", headers=(("Content-Length", "9999999"),)),
        413,
        contains="broken",
    ),
    Case("a page for what is malformed", Request("/%zz", host="spa.test"), 400, contains="broken"),
    Case("as much as the site takes", post("/x", 102_400), length=102_400),
    Case("more than the site takes", post("/x", 102_401), (413, CUT)),
    Case(
        "more than the site takes, in chunks",
        Request("/x", method="POST", headers=CHUNKED, body=TOO_LONG),
        (413, CUT),
    ),
    Case("only announced", Request("/x", method="POST", headers=(("Content-Length", "999999999999"),)), 413),
    Case("as much as the route takes", post("/large/x", 3 * 1024 * 1024), length=3 * 1024 * 1024),
    Case("more than the route takes", post("/large/x", 3 * 1024 * 1024 + 1), (413, CUT)),
    Case("more than the default", post("/app/", 1024 * 1024 + 1, "other.test"), (413, CUT)),
    Case("a long header", Request(headers=(("X-Long", "x" * 12_000),)), seen={"x-long": "x" * 12_000}),
    Case("a header that is too long", Request(headers=(("X-Long", "x" * 17_000),)), (400, 431)),
    Case(
        "headers that are too long together",
        Request(headers=tuple((f"X-{n}", "x" * 8000) for n in range(12))),
        (400, 431),
    ),
    Case("many headers", Request(headers=tuple((f"X-{n}", "x") for n in range(300))), seen={"x-299": "x"}),
    Case("a long path", Request("/" + "x" * 12_000), target="/" + "x" * 12_000),
    *(
        Case(
            f"a long path of {part} that rules are matched with to its end, at {host}",
            Request(f"/{part * (12_000 // len(part))}", host=host),
            (200, 400, 404, CUT),
        )
        for part in ("/.a", "%2e", "/..;a", "%5c%2e", ".a1b2", "-A1b", "-a.b", "Aa0", "%c3%a9")
        for host in ("shop.test", "spa.test")
    ),
    *(
        Case(
            f"what is refused, at the end of a long path of {part}",
            Request(f"/app{part * (12_000 // len(part))}{end}", host="other.test"),
            400,
        )
        for part in ("/a", "/..a", "/%61", "/a.", "/%2ea")
        for end in ("/../x", "/%2e%2e/x", "/..;/x", "/x%5c..%5cy")
    ),
    *(
        Case(f"what is blocked, at the end of a long path of {part}", Request(f"{part * 3_000}/.git/x"), CUT)
        for part in ("/a", "/a.b", "/%61")
    ),
    Case("a path that is too long", Request("/" + "x" * 17_000), 414),
    Case("a query that is too long", Request("/?" + "x" * 17_000), 414),
    Case(
        "many long headers from the app",
        Request(headers=(("X-Do", "header:Set-Cookie=" + "x" * 15_000),)),
        headers={"set-cookie": "x" * 15_000},
    ),
    Case(
        "a long cookie from the app",
        Request(headers=(("X-Do", "header:Set-Cookie=" + "x" * 12_000),)),
        headers={"set-cookie": "x" * 12_000},
    ),
)

"""How much is taken."""

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import Request


def post(target: str, size: int, host: str = "shop.test") -> Request:
    return Request(target, method="POST", host=host, body=b"x" * size)


CHUNKED = (("Transfer-Encoding", "chunked"),)
TOO_LONG = b"19001\r\n" + b"x" * 0x19001 + b"\r\n0\r\n\r\n"

CASES = (
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
    Case("a path that is too long", Request("/" + "x" * 17_000), 414),
    Case("a query that is too long", Request("/?" + "x" * 17_000), 414),
    Case(
        "a long cookie from the app",
        Request(headers=(("X-Do", "header:Set-Cookie=" + "x" * 12_000),)),
        headers={"set-cookie": "x" * 12_000},
    ),
)

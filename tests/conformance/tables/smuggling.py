"""Requests that two readers might read differently: the proxy refuses them, or passes on what it read."""

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import HTTP_0_9, Request

HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n"
CHUNKED_END = b"0\r\n\r\n"


def raw(about: str, head: bytes, body: bytes = b"", *, status: tuple[int | None, ...] = (400,)) -> Case:
    """A head with the lines that matter, written with `|` for the end of a line."""
    lines = head.replace(b"|", b"\r\n")
    return Case(about, Request(raw=lines + b"\r\n\r\n" + body), status=status, never="/smuggled")


POST = b"POST /x HTTP/1.1|Host: shop.test"
REFUSED = (400, 501, CUT)
OLD = (*REFUSED, HTTP_0_9)
READ = (200, 400, 501, CUT)
"""Either way is right, as long as nothing arrives that was not sent as a request."""

CASES = (
    raw("CL.TE", POST + b"|Content-Length: 4|Transfer-Encoding: chunked", CHUNKED_END + HIDDEN),
    raw(
        "TE.CL",
        POST + b"|Transfer-Encoding: chunked|Content-Length: 4",
        b"2c\r\n" + HIDDEN + b"\r\n" + CHUNKED_END,
    ),
    raw(
        "TE.TE",
        POST + b"|Transfer-Encoding: chunked|Transfer-Encoding: identity|Content-Length: 5",
        CHUNKED_END + HIDDEN,
    ),
    raw("two Content-Lengths", POST + b"|Content-Length: 0|Content-Length: 44", HIDDEN),
    raw("two equal Content-Lengths", POST + b"|Content-Length: 44|Content-Length: 44", HIDDEN),
    raw("a list of Content-Lengths", POST + b"|Content-Length: 0, 44", HIDDEN),
    raw("a signed Content-Length", POST + b"|Content-Length: +44", HIDDEN),
    raw("a negative Content-Length", POST + b"|Content-Length: -1", HIDDEN),
    raw("a hexadecimal Content-Length", POST + b"|Content-Length: 0x2c", HIDDEN),
    raw(
        "an endless Content-Length",
        POST + b"|Content-Length: 99999999999999999999999",
        HIDDEN,
        status=(400, 413),
    ),
    raw("an empty Content-Length", POST + b"|Content-Length:", HIDDEN),
    raw("a space before the colon", POST + b"|Content-Length : 44|Connection: close", HIDDEN, status=REFUSED),
    raw(
        "TE with a space before the colon",
        POST + b"|Transfer-Encoding : chunked|Content-Length: 5|Connection: close",
        CHUNKED_END + HIDDEN,
        status=READ,
    ),
    raw(
        "TE that is not chunked", POST + b"|Transfer-Encoding: xchunked", CHUNKED_END + HIDDEN, status=REFUSED
    ),
    raw("TE with a list", POST + b"|Transfer-Encoding: gzip, chunked", CHUNKED_END + HIDDEN, status=REFUSED),
    raw(
        "TE chunked, then more",
        POST + b"|Transfer-Encoding: chunked, identity",
        CHUNKED_END + HIDDEN,
        status=REFUSED,
    ),
    raw(
        "TE with a vertical tab",
        POST + b"|Transfer-Encoding: \x0bchunked",
        CHUNKED_END + HIDDEN,
        status=REFUSED,
    ),
    raw("TE in quotes", POST + b'|Transfer-Encoding: "chunked"', CHUNKED_END + HIDDEN, status=REFUSED),
    raw(
        "TE on a folded line",
        POST + b"|Transfer-Encoding:| chunked|Content-Length: 5|Connection: close",
        CHUNKED_END + HIDDEN,
        status=READ,
    ),
    raw(
        "TE in HTTP/1.0",
        b"POST /x HTTP/1.0|Host: shop.test|Transfer-Encoding: chunked",
        CHUNKED_END + HIDDEN,
        status=REFUSED,
    ),
    raw(
        "a folded header",
        b"GET /x HTTP/1.1|Host: shop.test|X-Folded: a| Content-Length: 44|Connection: close",
        HIDDEN,
        status=READ,
    ),
    raw(
        "a bare line feed in a header",
        b"GET /x HTTP/1.1|Host: shop.test|X-A: b\nContent-Length: 0|Connection: close",
        status=READ,
    ),
    raw(
        "a bare carriage return in a header",
        b"GET /x HTTP/1.1|Host: shop.test|X-A: b\rX-B: c|Connection: close",
        status=READ,
    ),
    raw("a NUL in a header", b"GET /x HTTP/1.1|Host: shop.test|X-A: b\0c|Connection: close"),
    raw(
        "a NUL in a header's name", b"GET /x HTTP/1.1|Host: shop.test|X\0A: b|Connection: close", status=READ
    ),
    raw(
        "a line without a colon",
        b"GET /x HTTP/1.1|Host: shop.test|GET /smuggled HTTP/1.1|Connection: close",
        status=READ,
    ),
    raw("a header without a name", b"GET /x HTTP/1.1|Host: shop.test|: x|Connection: close", status=READ),
    raw(
        "a chunk's size that is too large",
        POST + b"|Transfer-Encoding: chunked",
        b"ffffffffffffffff1\r\nx\r\n" + CHUNKED_END,
    ),
    raw(
        "a chunk's size that is negative", POST + b"|Transfer-Encoding: chunked", b"-1\r\nx\r\n" + CHUNKED_END
    ),
    raw("a chunk's size with 0x", POST + b"|Transfer-Encoding: chunked", b"0x1\r\nx\r\n" + CHUNKED_END),
    raw(
        "a chunk that is longer than it says",
        POST + b"|Transfer-Encoding: chunked",
        b"1\r\nxyz\r\n" + CHUNKED_END,
    ),
    raw("a chunk without an end of line", POST + b"|Transfer-Encoding: chunked", b"1\r\nx0\r\n\r\n" + HIDDEN),
    raw("no chunk but text", POST + b"|Transfer-Encoding: chunked", b"hello\r\n" + HIDDEN),
    raw(
        "a target with a line feed",
        b"GET /x\n/smuggled HTTP/1.1|Host: shop.test",
        status=OLD,
    ),
    raw("a version that is none", b"GET /x HTTP/1.1x|Host: shop.test"),
    raw("a version that is to come", b"GET /x HTTP/9.9|Host: shop.test", status=(400, 505, CUT)),
    raw("HTTP/2's preface", b"PRI * HTTP/2.0||SM", status=REFUSED),
    raw("a space before the method", b" GET /smuggled HTTP/1.1|Host: shop.test", status=REFUSED),
    raw("a tab for a space", b"GET\t/smuggled HTTP/1.1|Host: shop.test", status=REFUSED),
    raw("a method that is none", b"G<T /smuggled HTTP/1.1|Host: shop.test", status=REFUSED),
    raw("an asterisk", b"OPTIONS * HTTP/1.1|Host: shop.test|Connection: close", status=(200, 400)),
    raw("what is no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01", status=REFUSED),
    raw(
        "a header's name in other letters",
        "GET /x HTTP/1.1|Host: shop.test|Transfer-Encod\u0131ng: chunked|Connection: close".encode(),
        CHUNKED_END + HIDDEN,
        status=READ,
    ),
)

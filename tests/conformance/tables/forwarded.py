"""What the app is told about the client comes from the proxy alone."""

import re

from deploys.onhost.headers import FORGED
from tests.conformance.cases import CLIENT, Case, Value
from tests.conformance.wire import Request

LIE = "203.0.113.66"


def forged(name: str, lie: str, truth: Value, target: str = "/x") -> Case:
    key = name.strip().lower().replace("_", "-")
    return Case(f"{name}: {lie} at {target}", Request(target, headers=((name, lie),)), seen={key: truth})


KNOWN = (
    *(
        "CF-Connecting-IP",
        "CF-Connecting-IPv6",
        "Client-IP",
        "Fastly-Client-IP",
        "Forwarded",
        "Front-End-Https",
    ),
    *("Proxy", "Remote-User", "True-Client-IP", "X-Azure-ClientIP", "X-Client-IP", "X-Cluster-Client-IP"),
    *("X-Forwarded", "X-Forwarded-Client-Cert", "X-Forwarded-Protocol", "X-Forwarded-Scheme"),
    *("X-Forwarded-Server", "X-Forwarded-Ssl", "X-Forwarded-User", "X-Host", "X-Original-Forwarded-For"),
    *("X-Original-Host", "X-Original-URL", "X-Rewrite-URL", "X-Scheme", "X-Script-Name"),
    *("X-SSL-Client-Verify", "X-Url-Scheme"),
)
"""What must be dropped, whatever a list of ours says."""

UNHEARD_OF = ("X-Forwarded-Whoever", "X-Remote-Whoever", "X-SSL-Whatever", "Shib-Whoever", "My-Client-IP")
"""Names that nobody has written down, of families that apps believe."""
OWN = (
    *("X-Requested-With", "X-CSRF-Token", "X-API-Key", "X-Auth-Token", "X-User-Agent", "X-Client-Version"),
    *("X-Original-Filename", "X-HTTP-Method-Override", "X-Amzn-Trace-Id", "X-Custom", "HX-Request"),
)
"""What clients' own scripts say."""

CASES = (
    Case(
        "what an app is told",
        Request("/x"),
        seen={
            "host": "shop.test",
            "x-real-ip": CLIENT,
            "x-forwarded-for": CLIENT,
            "x-forwarded-proto": "https",
            "x-forwarded-host": "shop.test",
            "x-forwarded-port": "443",
            "x-forwarded-prefix": None,
            "forwarded": None,
            "proxy": None,
            "connection": None,
            "upgrade": None,
            "x-request-id": re.compile(r"[0-9a-f]{32}"),
        },
    ),
    forged("X-Forwarded-For", LIE, CLIENT),
    forged("x-forwarded-for", f"{LIE}, 127.0.0.1", CLIENT),
    forged("X-FORWARDED-FOR", "127.0.0.1", CLIENT, "/api/v1/x"),
    forged("X-Forwarded-For", LIE, CLIENT, "/pool/x"),
    forged("X-Real-IP", LIE, CLIENT),
    forged("X-Real-Ip", "", CLIENT),
    forged("X-Forwarded-Proto", "http", "https"),
    forged("X-Forwarded-Host", "evil.test", "shop.test"),
    forged("X-Forwarded-Port", "81", "443"),
    forged("X-Forwarded-Prefix", "/evil", None),
    forged("X-Forwarded-Prefix", "/evil", "/api/v1", "/api/v1/x"),
    forged("X-Forwarded-Prefix", "/evil", None, "/plain/x"),
    forged("Forwarded", f"for={LIE};proto=http;host=evil.test", None),
    forged("Proxy", "http://evil.test", None),
    forged("X-Request-ID", "forged", re.compile(r"[0-9a-f]{32}")),
    *(forged(name, LIE, None) for name in KNOWN),
    Case(
        "all of them together",
        Request(headers=tuple((name, LIE) for name in FORGED)),
        seen={name.lower(): None for name in FORGED},
    ),
    Case(
        "underscores",
        Request(headers=(("X_Forwarded_For", LIE), ("X_Real_IP", LIE))),
        seen={"x_forwarded_for": None, "x_real_ip": None, "x-forwarded-for": CLIENT},
    ),
    Case(
        "two of them",
        Request(headers=(("X-Forwarded-For", LIE), ("X-Forwarded-For", LIE))),
        seen={"x-forwarded-for": CLIENT},
    ),
    Case(
        "a space before the colon",
        Request(headers=(("X-Forwarded-For ", LIE),)),
        (200, 400),
        seen={"x-forwarded-for": CLIENT, "x-forwarded-for ": None},
    ),
    Case(
        "named as hop-by-hop",
        Request(
            raw=b"GET /x HTTP/1.1\r\nHost: shop.test\r\n"
            b"Connection: close, X-Real-IP, X-Forwarded-For, X-Forwarded-Proto\r\n\r\n"
        ),
        seen={"x-real-ip": CLIENT, "x-forwarded-for": CLIENT, "x-forwarded-proto": "https"},
    ),
    Case(
        "all of it named as hop-by-hop",
        Request(
            raw=b"GET /api/v1/x HTTP/1.1\r\nHost: shop.test\r\n"
            b"Connection: close, x-forwarded-prefix, x-real-ip, x-forwarded-host, x-forwarded-port\r\n\r\n"
        ),
        seen={
            "host": "shop.test",
            "x-real-ip": CLIENT,
            "x-forwarded-host": "shop.test",
            "x-forwarded-port": "443",
            "x-forwarded-prefix": "/api/v1",
        },
    ),
    Case(
        "names of the same families that nobody has written down",
        Request(headers=tuple((name, LIE) for name in UNHEARD_OF)),
        seen={name.lower(): LIE for name in UNHEARD_OF},
    ),
    Case(
        "what clients' scripts say",
        Request(headers=tuple((name, "1") for name in OWN)),
        seen={name.lower(): "1" for name in OWN},
    ),
    Case(
        "an upgrade that is none of ours",
        Request(
            raw=b"GET /x HTTP/1.1\r\nHost: shop.test\r\n"
            b"Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
        ),
        seen={"upgrade": None, "connection": None},
    ),
    Case(
        "what is the client's own is passed on",
        Request(
            headers=(
                ("Authorization", "Bearer x"),
                ("Cookie", "a=b; c=d"),
                ("User-Agent", "suite"),
                ("Accept-Language", "de"),
                ("Origin", "https://evil.test"),
                ("If-None-Match", '"x"'),
            )
        ),
        seen={
            "authorization": "Bearer x",
            "cookie": "a=b; c=d",
            "user-agent": "suite",
            "accept-language": "de",
            "origin": "https://evil.test",
            "if-none-match": '"x"',
        },
    ),
    Case(
        "what looks like a word of the proxy's own",
        Request("/x", headers=(("X-Own", "{env.PATH}"), ("Referer", "{file./etc/passwd} $host ${host}"))),
        seen={"x-own": "{env.PATH}", "referer": "{file./etc/passwd} $host ${host}"},
    ),
    Case(
        "an alias' connection",
        Request("/app/x", host="second.other.test"),
        seen={"x-forwarded-host": "second.other.test", "x-forwarded-for": CLIENT},
    ),
)

"""What the proxy adds to answers, and the answers that it gives itself."""

import re

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import Request

HSTS = "max-age=63072000"
ID = re.compile(r"[0-9a-f]{32}")


def do(deed: str, target: str = "/x", host: str = "shop.test", **more: str) -> Request:
    headers = (("X-Do", deed), *((name.replace("_", "-"), value) for name, value in more.items()))
    return Request(target, host=host, headers=headers)


CASES = (
    Case("HSTS", Request(), headers={"strict-transport-security": HSTS, "x-request-id": ID}),
    Case(
        "HSTS with all its options",
        Request("/app/", host="other.test"),
        headers={"strict-transport-security": "max-age=31536000; includeSubDomains; preload"},
    ),
    Case("no HSTS", Request("/app", host="bare.test"), headers={"strict-transport-security": None}),
    Case("HSTS at a redirect", Request("/old"), 308, headers={"strict-transport-security": HSTS}),
    Case("HSTS at an alias", Request(host="www.shop.test"), 301, headers={"strict-transport-security": HSTS}),
    Case("HSTS at the app's error", do("status:500"), 500, headers={"strict-transport-security": HSTS}),
    Case("HSTS at the proxy's error", do("vanish"), 502, headers={"strict-transport-security": HSTS}),
    Case("HSTS at a refusal", Request("/api/v1%2Fx"), 400, headers={"strict-transport-security": HSTS}),
    Case(
        "HSTS is said once",
        do("header:Strict-Transport-Security=max-age=1"),
        headers={"strict-transport-security": HSTS},
    ),
    Case("the request's id is said once", do("header:X-Request-ID=own"), headers={"x-request-id": ID}),
    Case("no version", Request(), headers={"server": re.compile("[A-Za-z]+")}),
    Case(
        "no version in an error",
        do("vanish", host="other.test", target="/app/"),
        502,
        headers={"server": re.compile("[A-Za-z]+")},
    ),
    Case(
        "no other server for the site by the app's word",
        do('header:Alt-Svc=h3="evil.test:443"; ma=31536000'),
        headers={"alt-svc": None},
    ),
    Case("the app's headers", do("header:X-Own=1"), headers={"x-own": "1"}),
    Case("the app's cookie", do("header:Set-Cookie=a=b; Secure"), headers={"set-cookie": "a=b; Secure"}),
    Case(
        "the app's Location is left alone",
        do("header:Location=http://127.0.0.1:20100/x"),
        headers={"location": "http://127.0.0.1:20100/x"},
    ),
    Case(
        "the app sends nobody to what else the site serves",
        do("header:X-Accel-Redirect=/static/plain.txt"),
        contains='"target": "/x"',
    ),
    *(
        Case(
            f"the app's own {status}",
            do(f"status:{status}"),
            status,
            contains='{"detail": "said by the app"}',
            headers={"content-type": "application/json"},
        )
        for status in (400, 401, 403, 404, 405, 413, 418, 422, 429, 500, 501, 502, 503, 504)
    ),
    Case(
        "the app closes without an answer",
        do("vanish"),
        502,
        contains="the shop is broken",
        headers={"content-type": re.compile("text/html.*")},
    ),
    Case(
        "a neutral page elsewhere",
        do("vanish", "/app/", "other.test"),
        502,
        contains="Not available at the moment",
    ),
    Case("the app takes too long", do("sleep:3", "/quick/"), 504, contains="Not available at the moment"),
    Case(
        "no page instead of the method",
        Request("/x", method="POST", headers=(("X-Do", "vanish"),)),
        502,
        contains="the shop is broken",
    ),
    Case(
        "text is compressed",
        do("text:20000", Accept_Encoding="gzip"),
        headers={"content-encoding": "gzip", "vary": re.compile("(?i)accept-encoding")},
    ),
    Case(
        "text is not compressed for who cannot read it", do("text:20000"), headers={"content-encoding": None}
    ),
    Case(
        "short text is not compressed",
        do("text:100", Accept_Encoding="gzip"),
        headers={"content-encoding": None},
    ),
    Case(
        "text is not compressed where it is off",
        do("text:20000", "/app/", "other.test", Accept_Encoding="gzip"),
        headers={"content-encoding": None},
    ),
    *(
        Case(f"{target} is cut off", Request(target), CUT)
        for target in (
            "/.env",
            "/.git/config",
            "/%2egit/config",
            "/x/.svn/entries",
            "/wp-login.php",
            "/WP-Login.php?x=1",
            "/wp-admin/setup.php",
            "/cgi-bin/luci",
            "/vendor/phpunit/x",
            "/.well-known/../.env",
            "/./.env",
        )
    ),
    Case("what a site blocks", Request("/secret/x", host="other.test"), CUT),
    Case("hidden files of a list of one's own", Request("/app/.env", host="bare.test"), CUT),
    Case("what a list of one's own has beside them", Request("/private", host="bare.test"), CUT),
    Case("what a list of one's own has not", Request("/wp-admin", host="bare.test"), 404),
    Case(
        "what a site does not block", Request("/app/.env", host="other.test"), app="plain", target="/app/.env"
    ),
    Case("what only looks like it", Request("/env"), app="root"),
)

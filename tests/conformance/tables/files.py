"""Folders that the proxy answers from, and what must not come out of them."""

import re

from tests.conformance.cases import ANY, CUT, Case
from tests.conformance.wire import Request

GZIP = (("Accept-Encoding", "gzip"),)
HSTS = "max-age=63072000"


CASES = (
    Case(
        "a file",
        Request("/static/plain.txt"),
        contains="plain\n",
        headers={
            "content-type": "text/plain",
            "cache-control": "max-age=3600",
            "etag": ANY,
            "last-modified": ANY,
            "strict-transport-security": HSTS,
        },
    ),
    Case(
        "a style sheet",
        Request("/static/style.css"),
        headers={"content-type": "text/css", "content-encoding": None},
    ),
    Case(
        "a file that was compressed before",
        Request("/static/style.css", headers=GZIP),
        headers={
            "content-encoding": "gzip",
            "content-length": re.compile(r"\d{2}"),
            "vary": re.compile("(?i)accept-encoding"),
        },
    ),
    Case(
        "a part of a file",
        Request("/static/plain.txt", headers=(("Range", "bytes=1-2"),)),
        206,
        contains="la",
    ),
    Case("HEAD", Request("/static/plain.txt", method="HEAD"), headers={"content-length": "6"}),
    Case("no such file", Request("/static/none"), 404, headers={"strict-transport-security": HSTS}),
    Case("a folder without an index", Request("/static/"), 403),
    Case(
        "a folder without its slash",
        Request("/static/sub?x=1"),
        301,
        headers={"location": "/static/sub/?x=1"},
    ),
    Case("a folder's index", Request("/static/sub/"), contains="<p>sub"),
    Case("the route without its slash", Request("/static?x=1"), 301, headers={"location": "/static/?x=1"}),
    Case(
        "without expires, clients ask each time",
        Request("/pages/"),
        contains="<p>pages",
        headers={"cache-control": "no-cache"},
    ),
    Case("POST", Request("/static/plain.txt", method="POST"), 405),
    Case("DELETE", Request("/static/plain.txt", method="DELETE"), 405),
    Case("a hidden file", Request("/static/.hidden"), CUT),
    Case("a hidden file in other words", Request("/static/%2ehidden"), CUT),
    Case("below a file", Request("/static/plain.txt/x"), 404),
    Case("a NUL", Request("/static/plain.txt%00.css"), 400),
    Case("another case", Request("/STATIC/plain.txt"), app="root"),
    Case(
        "forged addresses change nothing",
        Request("/static/plain.txt", headers=(("X-Forwarded-For", "1.2.3.4"),)),
        contains="plain\n",
    ),
    *(
        # Elsewhere than in the folder, the app is asked; what it says is not what is on the disk.
        Case(f"{target} does not lead out", Request(target), app="root", target=target)
        for target in ("/static../static-secret/key.txt", "/static-secret/key.txt")
    ),
    *(
        Case(f"{target} does not lead out", Request(target), 400)
        for target in (
            "/static/../static-secret/key.txt",
            "/static/%2e%2e/static-secret/key.txt",
            "/static/..%2fstatic-secret/key.txt",
            "/static/%2e%2e%2fstatic-secret/key.txt",
            "/static/sub/../../static-secret/key.txt",
            "/static%2f..%2fstatic-secret%2fkey.txt",
        )
    ),
    Case("dots within the folder", Request("/static/sub/../plain.txt"), contains="plain\n"),
    *(
        Case(f"{target} is not there", Request(target), (400, 403, 404, CUT))
        for target in (
            "/static/..%5cstatic-secret%5ckey.txt",
            "/static/....//static-secret/key.txt",
            "/static/%252e%252e/static-secret/key.txt",
            "/static/..;/static-secret/key.txt",
            "/static/%c0%ae%c0%ae/static-secret/key.txt",
            "/static//etc/passwd",
            "/static/../../../etc/passwd",
            "/static/~root",
            "/static/*",
            "/gatehouse-pages/unavailable.html",
            "/gatehouse-pages/",
        )
    ),
)

"""To HTTPS, to the site's own name, and where routes say so."""

from typing import Any

from tests.conformance.cases import Case
from tests.conformance.wire import Request


def plain(about: str, target: str, location: str, status: int = 301, **request: Any) -> Case:
    wanted = Request(target, tls=False, **request)
    return Case(
        about, wanted, status=status, headers={"location": location, "strict-transport-security": None}
    )


def moved(about: str, target: str, location: str, status: int = 308, **request: Any) -> Case:
    return Case(about, Request(target, **request), status=status, headers={"location": location})


LARGE = (("Content-Length", "5000000000"),)
"""More than any site or route takes; where the redirect leads to decides on that."""

CASES = (
    plain("to HTTPS with path and query", "/a/b?x=1&y=%2F", "https://shop.test/a/b?x=1&y=%2F"),
    plain("to HTTPS from the root", "/", "https://shop.test/"),
    plain("to HTTPS with an empty query", "/a?", "https://shop.test/a?"),
    plain("to HTTPS, slashes as sent", "//a//b%2F", "https://shop.test//a//b%2F"),
    plain("to HTTPS, escapes as sent", "/%0d%0aX-Evil:%201", "https://shop.test/%0d%0aX-Evil:%201"),
    plain("to HTTPS for a path that is blocked or static", "/static/x", "https://shop.test/static/x"),
    plain("to HTTPS, braces as sent", "/a?b={env.PATH}", "https://shop.test/a?b={env.PATH}"),
    plain("HEAD to HTTPS", "/a", "https://shop.test/a", method="HEAD"),
    *(
        plain(f"{method} to HTTPS stays {method}", "/a?x=1", "https://shop.test/a?x=1", 308, method=method)
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    ),
    plain(
        "an alias to HTTPS under its own name", "/a?x=1", "https://www.shop.test/a?x=1", host="www.shop.test"
    ),
    plain("a served alias to HTTPS", "/app/", "https://second.other.test/app/", host="second.other.test"),
    plain("a site without root to HTTPS", "/nothing", "https://bare.test/nothing", host="bare.test"),
    plain("an absolute target", "http://shop.test/abs?x=1", "https://shop.test/abs?x=1"),
    plain(
        "an absolute target decides, not the Host header", "http://other.test/abs", "https://other.test/abs"
    ),
    plain("Host in capitals", "/a", "https://shop.test/a", host_header="SHOP.TEST"),
    plain("Host with a port", "/a", "https://shop.test/a", host_header="shop.test:80"),
    moved("an alias to the site's name", "/a?x=1", "https://shop.test/a?x=1", 301, host="www.shop.test"),
    moved("POST at an alias", "/a", "https://shop.test/a", 308, host="www.shop.test", method="POST"),
    moved("a redirect's own path", "/old", "https://shop.test/new"),
    moved("a redirect's own path with a query", "/old?x=1", "https://shop.test/new?x=1"),
    moved("a redirect keeps what follows", "/old/a%2Fb//c?q=1", "https://shop.test/new/a%2Fb//c?q=1"),
    moved("a redirect keeps braces", "/old?a={env.PATH}", "https://shop.test/new?a={env.PATH}"),
    moved("a redirect keeps the slash", "/old/", "https://shop.test/new/"),
    moved("a redirect keeps dots", "/old/a/./b", "https://shop.test/new/a/./b"),
    moved("a redirect that differs in case alone", "/OLD/a?x=1", "https://shop.test/NEW/a?x=1"),
    moved("POST at a redirect", "/old/x", "https://shop.test/new/x", method="POST"),
    moved("a redirect elsewhere", "/away/x?y", "https://elsewhere.test/base/x?y", 302),
    moved("a redirect elsewhere, without its slash", "/away", "https://elsewhere.test/base/", 302),
    moved("a redirect elsewhere, its own path", "/away/", "https://elsewhere.test/base/", 302),
    moved("a whole site elsewhere", "/a/b?c", "https://shop.test/a/b?c", 307, host="other.test"),
    moved("a whole site elsewhere, its root", "/", "https://shop.test/", 307, host="other.test"),
    moved(
        "no way out of a redirect by slashes",
        "//evil.test/",
        "https://shop.test//evil.test/",
        307,
        host="other.test",
    ),
    moved(
        "no way out of a redirect by an at sign",
        "/@evil.test",
        "https://shop.test/@evil.test",
        307,
        host="other.test",
    ),
    *(
        Case(
            f"a large POST {about}",
            Request(target, method="POST", headers=LARGE, **request),
            status=status,
            headers={"location": location},
        )
        for about, target, status, location, request in (
            ("to HTTPS", "/a", 308, "https://shop.test/a", {"tls": False}),
            ("at an alias", "/a", 308, "https://shop.test/a", {"host": "www.shop.test"}),
            ("at a redirect", "/old", 308, "https://shop.test/new", {}),
            ("below a redirect", "/old/x", 308, "https://shop.test/new/x", {}),
            ("at a whole site elsewhere", "/a", 307, "https://shop.test/a", {"host": "other.test"}),
        )
    ),
    Case("a longer name is no redirect", Request("/older"), app="root", target="/older"),
    Case("another case is no redirect", Request("/Old/x"), app="root", target="/Old/x"),
    Case("a redirect in other words is refused", Request("/%6fld/x"), status=400),
    Case("a redirect through dots is refused", Request("/x/../old/y"), status=400),
)

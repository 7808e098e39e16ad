"""A single-page app: which file answers, and how long clients keep it."""

from tests.conformance.cases import Case, Value
from tests.conformance.wire import Request

IMMUTABLE = "max-age=31536000, immutable"
HSTS = {"strict-transport-security": "max-age=63072000"}


def page(target: str, contains: str, caching: Value = "no-cache", **request: str) -> Case:
    headers = {"cache-control": caching, **HSTS}
    return Case(
        f"{request.get('method', 'GET')} {target}",
        Request(target, host="spa.test", **request),  # type: ignore[arg-type]  # all of them are texts
        headers=headers,
        contains=contains,
    )


def missing(target: str, status: int = 404, method: str = "GET") -> Case:
    request = Request(target, host="spa.test", method=method)
    return Case(
        f"{method} {target} is {status}", request, status, headers={"cache-control": None}, contains="broken"
    )


CASES = (
    *(
        page(target, "the app")
        for target in (
            *("/", "/?a=b", "/index.html", "/orders", "/orders/", "/orders/7", "/a/b/c", "/apix", "/a%20b"),
            *("/v1.2/orders", "/user.name/", "/%C3%A4", "/sub", "/assets", "/assets/", "/help.d/x"),
        )
    ),
    page("/help", "help"),
    page("/help/", "help"),
    page("/sub/page.html", "a page"),
    page("/app.js", "plain()"),
    page("/orders", "", method="HEAD"),
    *(
        page(f"/{name}", "hashed()", IMMUTABLE)
        for name in (
            *("main.3f2a1b9c.js", "css/site.5af66c1b1797.css", "chunk-77aa01bc.min.js", "main-ABC2DEF3.js"),
            *("assets/index-DiwrgTda.js", "assets/index-B_x-9dKq.css", "assets/hero-Cx7f3QpL.png"),
            "_app/immutable/entry/start.CqGyjLyV.js",
        )
    ),
    *(
        page(f"/{name}", "hashed()")
        for name in (
            *("photo-20240115.jpg", "book-chapter12.txt", "assets/my-photo-20240115.jpg"),
            *("logo-DarkMode.svg", "assets/logo-DarkMode.svg", "assets/terms-Germany2.pdf"),
            *("assets/User.Settings.json", "Report-VERSION2.pdf"),
        )
    ),
    *(
        missing(target)
        for target in (
            "/none.js",
            "/assets/index-00000000.js",
            "/favicon.ico",
            "/a/b/c.map",
            "/none.js?a",
            "/x.HTML",
        )
    ),
    missing("/orders", 405, "POST"),
    page("/kept/app.js", "plain()", "max-age=3600"),
    page("/kept/orders", "a page"),
    missing("/kept/none.css"),
    Case("the API", Request("/api/orders", host="spa.test"), app="plain", target="/api/orders"),
    Case(
        "the API's own 404",
        Request("/api/none", host="spa.test", headers=(("X-Do", "status:404"),)),
        404,
        contains="said by the app",
        headers={"cache-control": None},
    ),
    Case("what is hidden", Request("/.env", host="spa.test"), None),
)

"""Which app is asked, and for what: paths arrive as they were sent."""

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import Request


def to(app: str, target: str, arrives: str | tuple[str, ...] | None = None, host: str = "shop.test") -> Case:
    about = f"{host}{target}".encode("latin-1").decode("ascii", "backslashreplace")
    return Case(about, Request(target, host=host), app=app, target=arrives or target)


def refused(target: str, status: int | tuple[int | None, ...] = 400, host: str = "shop.test") -> Case:
    return Case(f"{host}{target} is refused", Request(target, host=host), status=status)


def method(name: str, status: int | tuple[int | None, ...] = 200) -> Case:
    return Case(f"method {name}", Request("/plain/x", method=name), status=status)


DOT_SEGMENTS = (
    # As they are resolved, these are routed to one app; by one that does not resolve them, to another place.
    *("/a/./b/../c", "/a/.", "/a/..", "/.", "/./x", "/a/..?x", "/../x", "/%2e%2e/x", "/api/v1/../x"),
    *("/api/v1/admin/../items", "/api/v1/a/../b", "/api/v1/./a", "/plain/../../x", "/plain/x/../y"),
    *("/a/%2e%2e/x", "/a/%2E%2E/x", "/a/.%2e/x", "/a/%2E./x", "/a/%2e/x", "/a%2F..%2fx", "/a%2f%2e%2E"),
    *("/a/..#/x", "/x/../api/v1/items", "/./api/v1/items"),
    *("/api/%2e/v1/items", "/api/v1/x/../admin/y", "/strict/../x", "/x/../strict/x", "//../x", "/a//../x"),
)

BACKSLASHES = (
    # What takes them for slashes goes up here.
    *("/app/..\\x", "/app/..%5cx", "/app/..%5Cx", "/app/%2e%2e%5cx", "/app/.%2e\\x", "/app/x\\..\\x"),
    *(
        "/app/x%5c..%5cy",
        "/app/x%5C%2e%2e",
        "/app/x\\.",
        "/app/x%5c..;/y",
        "/app/x\\..%2fy",
        "/app/x%2f..%5cy",
    ),
    "/app/x\\%2e/y",
)

CASES = (
    *(refused(target) for target in DOT_SEGMENTS),
    *(refused(target, host="other.test") for target in BACKSLASHES),
    *(refused(target.replace("app", "api/v1"), (400, CUT)) for target in BACKSLASHES),
    refused("/admin/../app/x", host="bare.test"),
    *(refused(target, host="other.test") for target in ("/app/..;/x", "/app/..;y=z/x", "/app/..%3B/x")),
    to("root", "/"),
    to("root", "/?"),
    to("root", "/x?a=1&b=%20c"),
    to("root", "//"),
    to("root", "/a//b///c"),
    to("root", "/a%2Fb%252F"),
    to("root", "/a;b=c,d"),
    to("root", "/a?b?c=/../d//e"),
    to("root", "/a?b={env.PATH}&c={http.request.host}&d={file./etc/passwd}"),
    to("api", "/api/v1/a?b={env.PATH}", "/a?b={env.PATH}"),
    to("root", "/a?/../%2e%2e/"),
    to("root", "/a..b"),
    to("root", "/a../b"),
    to("root", "/a./b."),
    to("root", "/a.../b"),
    to("root", "/a%2e%2e"),
    to("root", "/a%2Fb..%2Fc"),
    to("root", "/v1.2/x"),
    to("root", "/.well-known/x"),
    to("root", "/x/.well-known/y"),
    to("api", "/api/v1/a..b/c.d", "/a..b/c.d"),
    to("root", "/\u00c3\u00a4"),
    to("root", "/%ff%fe"),
    to("root", "/a\\b"),
    to("root", "/a%5cb..%5cc"),
    to("root", "/a\\..b"),
    to("root", "/a\\.b\\...\\c"),
    to("root", "/a%255c..%255cb"),
    to("root", "/a%252e%252e%252fb"),
    to("root", "/a?x=\\..\\y"),
    to("root", "/a%20b+c"),
    to("root", "/a'\"<>|{}^`b"),
    to("api", "/api/v1", "/"),
    to("api", "/api/v1?x=1", "/?x=1"),
    to("api", "/api/v1/", "/"),
    to("api", "/api/v1/?", "/?"),
    to("api", "/api/v1/items", "/items"),
    to("api", "/api/v1/items/?x=%2F", "/items/?x=%2F"),
    to("api", "/api/v1/a%2Fb", "/a%2Fb"),
    to("api", "/api/v1//items", "//items"),
    to("api", "/api/v1///", "///"),
    to("api", "/api/v1/a//b", "/a//b"),
    to("api", "/api/v1/a%20b?c%3Fd", "/a%20b?c%3Fd"),
    to("api", "/api/v1/api/v1/x", "/api/v1/x"),
    to("api", "/api/v1/administrator", "/administrator"),
    to("root", "/api/v1x"),
    to("root", "/api/v1.json"),
    to("root", "/api/v1;x"),
    to("root", "/api/v12/items"),
    to("root", "/api"),
    to("root", "/api/"),
    to("root", "/API/v1/items"),
    to("root", "/api/V1/items"),
    to("root", "//api/v1/items"),
    to("root", "/api//v1/items"),
    to("root", "/x/api/v1/items"),
    refused("/api%2Fv1/items"),
    refused("/api/v1%2Fitems"),
    refused("/%61pi/v1/items"),
    to("admin", "/api/v1/admin"),
    to("admin", "/api/v1/admin/"),
    to("admin", "/api/v1/admin/x?y"),
    to("admin", "/api/v1/%61dmin/x"),
    to("plain", "/plain"),
    to("plain", "/plain?x"),
    to("plain", "/plain/"),
    to("plain", "/plain/a%2Fb//c/d"),
    to("plain", "/%70lain/x"),
    to("root", "/plainer"),
    to("plain", "/app", host="bare.test"),
    to("plain", "/app/x", host="bare.test"),
    refused("/", 404, host="bare.test"),
    refused("/appx", 404, host="bare.test"),
    refused("/APP", 404, host="bare.test"),
    to("plain", "/app/x", host="other.test"),
    refused("/plain/%00"),
    refused("/plain/%"),
    refused("/plain/%zz"),
    refused("/plain/a b"),
    refused("plain"),
    refused(""),
    Case("one app's slot", Request("/x"), app="root"),
    *(method(name) for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY")),
    method("TRACE", 405),
    method("CONNECT", (400, 405)),
    method("get", (200, 400)),
    Case(
        "HEAD gets no body", Request("/plain/x", method="HEAD"), headers={"content-type": "application/json"}
    ),
    Case("a body", Request("/plain/x", method="POST", body=b"x" * 5000), app="plain", length=5000),
    Case("an empty body", Request("/plain/x", method="POST", headers=(("Content-Length", "0"),)), length=0),
    Case(
        "a body in chunks",
        Request(
            "/plain/x",
            method="POST",
            headers=(("Transfer-Encoding", "chunked"),),
            body=b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
        ),
        app="plain",
        length=11,
    ),
    Case(
        "a body that is passed on as it comes",
        Request("/direct/x", method="PUT", body=b"x" * 50_000),
        length=50_000,
    ),
    Case("a GET with a body", Request("/plain/x", body=b"abc"), length=3),
)

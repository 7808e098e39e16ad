"""Who is asked: unknown names get nothing, and no site answers for another."""

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import Request


def misdirected(about: str, host: str, sni: str = "shop.test") -> Case:
    return Case(about, Request("/x", host=host, sni=sni), status=421)


def raw(
    about: str, *lines: str, status: int | tuple[int | None, ...] | None = 400, sni: str = "shop.test"
) -> Case:
    head = "\r\n".join(("GET /x HTTP/1.1", *lines, "Connection: close", "", ""))
    return Case(about, Request(sni=sni, raw=head.encode("latin-1")), status=status)


CASES = (
    Case("an unknown name is refused the handshake", Request(host="nobody.test"), CUT, handshake=False),
    Case("a name below a known one is, too", Request(host="a.shop.test"), CUT, handshake=False),
    Case("a name above a known one is, too", Request(host="test"), CUT, handshake=False),
    Case("no name is refused the handshake", Request(sni=""), CUT, handshake=False),
    Case("an unknown name over HTTP gets no answer", Request(host="nobody.test", tls=False), CUT),
    Case("an address over HTTP gets no answer", Request(host="192.0.2.1", tls=False), CUT),
    misdirected("another site's name on a connection", "other.test"),
    misdirected("another site's alias on a connection", "second.other.test"),
    misdirected("an unknown name on a connection", "nobody.test"),
    misdirected("an address on a connection", "192.0.2.1"),
    misdirected("this site's name on another's connection", "shop.test", sni="other.test"),
    Case("a name with userinfo", Request("/x", host="shop.test@nobody.test", sni="shop.test"), (400, 421)),
    misdirected("a name with a suffix", "shop.test.nobody.test"),
    Case("an alias' name on the site's connection", Request(host="www.shop.test", sni="shop.test"), 301),
    Case("the site's name on an alias' connection", Request(sni="www.shop.test"), app="root"),
    Case(
        "a served alias sees its own name",
        Request("/app/", host="second.other.test"),
        app="plain",
        seen={"host": "second.other.test", "x-forwarded-host": "second.other.test"},
    ),
    Case("capitals", Request(host_header="SHOP.Test"), app="root", seen={"host": "shop.test"}),
    Case("a dot at the end", Request(host_header="shop.test."), app="root", seen={"host": "shop.test"}),
    Case("the port that it is", Request(host_header="shop.test:443"), app="root", seen={"host": "shop.test"}),
    Case(
        "another port",
        Request(host_header="shop.test:8443"),
        app="root",
        seen={"host": "shop.test", "x-forwarded-port": "443"},
    ),
    Case(
        "a port that is none", Request(host_header="shop.test:evil"), (200, 400), seen={"host": "shop.test"}
    ),
    Case("an absolute target", Request("https://shop.test/abs?x"), app="root", target="/abs?x"),
    Case("an absolute target for another site", Request("https://other.test/app/", host="shop.test"), 421),
    raw("no Host"),
    raw("an empty Host", "Host:"),
    raw("two Hosts", "Host: shop.test", "Host: shop.test"),
    raw("two different Hosts", "Host: shop.test", "Host: other.test"),
    raw("a Host with a path", "Host: shop.test/x"),
    raw("a Host with a space", "Host: shop.test other.test", status=(400, 421)),
    raw("a Host with a list", "Host: shop.test, other.test", status=(400, 421)),
    raw("a Host with a placeholder", "Host: {env.HOME}", status=(400, 421)),
    raw("a Host with a NUL", "Host: shop.test\0"),
    raw("a Host with a tab", "Host: shop\t.test", status=(400, 421)),
)

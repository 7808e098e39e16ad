"""The CA's challenge is answered over plain HTTP for every name, whatever the routes say (RFC 8555, 8.3)."""

from tests.conformance.cases import CUT, Case
from tests.conformance.wire import Request

TOKEN = "/.well-known/acme-challenge/token"  # noqa: S105  # a path

CASES = (
    *(
        Case(f"for {host}", Request(TOKEN, host=host, tls=False), contains="answer\n")
        for host in (
            "shop.test",
            "www.shop.test",
            "other.test",
            "second.other.test",
            "bare.test",
            "nobody.test",
        )
    ),
    Case("for an address", Request(TOKEN, host="192.0.2.1", tls=False), contains="answer\n"),
    Case("with a query", Request(f"{TOKEN}?x", tls=False), contains="answer\n"),
    Case("over HTTPS", Request(TOKEN), contains="answer\n"),
    Case("over HTTPS at an alias", Request(TOKEN, host="www.shop.test"), contains="answer\n"),
    Case("none there", Request(f"{TOKEN}-not", tls=False), status=404),
    Case("no listing", Request("/.well-known/acme-challenge/", tls=False), status=(403, 404)),
    Case("no POST", Request(TOKEN, tls=False, method="POST"), status=405),
    Case(
        "no way out",
        Request("/.well-known/acme-challenge/..%2f..%2f..%2fgatehouse", host="nobody.test", tls=False),
        status=(CUT, 400, 404),
    ),
    Case(
        "other well-known paths are the app's", Request("/.well-known/x"), app="root", target="/.well-known/x"
    ),
)

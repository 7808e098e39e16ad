"""What must be true of a site with the demo app, each seen from outside: the claim, then the evidence."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from tests.outside.client import Outside

FORGED = "203.0.113.66"


def slash_redirect(site: Outside) -> str:
    """GET /items redirects to the public URL of /items/."""
    answer = site.get("/items")
    assert answer.status_code in {307, 308}, f"expected a redirect, got {answer.status_code}"
    assert answer.headers["location"] == f"https://{site.domain}/items/"
    return f"{answer.status_code} to {answer.headers['location']}"


def client_address(site: Outside) -> str:
    """The app sees the client's own address and scheme https."""
    seen = site.get("/echo").json()
    assert (seen["client"], seen["scheme"]) == (site.own_address(), "https")
    return f"{seen['client']}, {seen['scheme']}"


def host_header(site: Outside) -> str:
    """The app builds URLs of the public name."""
    seen = site.get("/echo").json()
    assert seen["url_for"] == f"https://{site.domain}/items/"
    return str(seen["url_for"])


def forged_address(site: Outside) -> str:
    """A forged X-Forwarded-For does not reach the app."""
    forged = {
        "x-forwarded-for": FORGED,
        "x-real-ip": FORGED,
        "forwarded": f"for={FORGED};proto=http",
        "x-forwarded-proto": "http",
    }
    answer = site.get("/echo", headers=forged)
    seen = answer.json()
    assert FORGED not in answer.text, f"the app saw {seen}"
    assert seen["scheme"] == "https"
    return f"app sees {seen['client']}"


def https_redirect(site: Outside) -> str:
    """http:// redirects to https://, path and query kept."""
    answer = site.get(f"http://{site.domain}/items/?a=1")
    assert answer.status_code in {301, 308}, f"expected a redirect, got {answer.status_code}"
    assert answer.headers["location"] == f"https://{site.domain}/items/?a=1"
    return f"{answer.status_code} to {answer.headers['location']}"


def strict_transport(site: Outside) -> str:
    """HSTS is on every answer, errors included."""
    answers = [site.get(path) for path in ("/", "/echo", "/no-such-page")]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    (value,) = {answer.headers.get("strict-transport-security") for answer in answers}
    assert value, "no Strict-Transport-Security header"
    assert int(value.split("max-age=")[1].split(";")[0]) >= 31536000, value
    return str(value)


def trusted_certificate(site: Outside) -> str:
    """The certificate is the CA's, for this name, and valid."""
    found = site.certificate()
    names = [name for kind, name in found["subjectAltName"] if kind == "DNS"]
    assert site.domain in names
    ends = datetime.strptime(found["notAfter"], "%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC)
    assert ends > datetime.now(UTC)
    return f"{', '.join(names)}, until {ends:%Y-%m-%d}"


def websocket(site: Outside) -> str:
    """A WebSocket opens and echoes, knowing the client."""
    with site.websocket("/ws") as socket:
        hello = json.loads(socket.recv(timeout=site.timeout))
        assert hello["client"] == site.own_address()
        socket.send("ping")
        assert socket.recv(timeout=site.timeout) == "ping"
    return f"echo from pid {hello['pid']}"


def server_sent_events(site: Outside) -> str:
    """Server-sent events arrive one by one."""
    with site.stream("/events?count=3") as answer:
        chunks = [chunk for chunk in answer.iter_text() if chunk]
    assert len(chunks) == 3, f"expected three separate chunks, got {chunks}"
    return f"{len(chunks)} events, each when it was sent"


def http2(site: Outside) -> str:
    """HTTP/2 is spoken."""
    answer = site.request("GET", "/health", http2=True)
    assert answer.http_version == "HTTP/2"
    return str(answer.http_version)


def app_ports_closed(site: Outside) -> str:
    """The app itself does not answer from outside."""
    assert site.app_ports, "no ports to try"
    answering = [port for port in site.app_ports if site.answers(port)]
    assert not answering, f"port {answering} answers"
    return f"{', '.join(map(str, site.app_ports))} refused"


PROOFS: tuple[Callable[[Outside], str], ...] = (
    trusted_certificate,
    https_redirect,
    strict_transport,
    slash_redirect,
    client_address,
    host_header,
    forged_address,
    websocket,
    server_sent_events,
    http2,
    app_ports_closed,
)

"""Whom an app takes for the client behind an edge, whatever is made up about it: a table."""

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.proxies.told_by import CUT_OFF

EDGE, STRANGER = "the edge", "a stranger"
CLIENT, FORGED, OVER_6, FORGED_6 = "203.0.113.66", "203.0.113.99", "2001:db8::66", "2001:db8::99"
ITSELF = "itself"
"""The app is told the address of whoever has connected."""
MOVED, CHALLENGE, MALFORMED = "301", "200", "400"
UNTOLD = "itself, or nothing"
"""There is an edge that says that it does not know."""
NOT_SAID = "the client, or a way to HTTPS"
"""The edge does not say how its client came; Traefik takes that for plain HTTP."""

THEIRS, SELF_MADE, ENDED = "the edge's", "another CA's", "one that has ended"
"""Certificates to show."""


@dataclass(frozen=True)
class Row:
    """Who asks, how, and whom the app takes for the client."""

    who: str
    told: str
    headers: tuple[str, ...] = ()
    first: bytes = b""
    over_6: bool = False
    shows: str = ""
    tls: bool = True
    path: str = "/x"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [*zip(self.headers[::2], self.headers[1::2], strict=True)]

    def __str__(self) -> str:
        words = (
            self.who,
            *self.headers,
            self.first.hex(),
            self.shows,
            self.path,
            "v6" * self.over_6,
            "" if self.tls else "plain",
        )
        return " ".join(filter(None, words))


def line(client: str = CLIENT, version: int = 4) -> bytes:
    """Write the PROXY protocol's version 1."""
    here = "192.0.2.1" if version == 4 else "2001:db8::1"
    return f"PROXY TCP{version} {client} {here} 5000 443\r\n".encode()


def block(client: str = CLIENT, command: int = 1, family: int = 0x11, more: bytes = b"") -> bytes:
    """Write the PROXY protocol's version 2."""
    known = {0x11: (socket.AF_INET, "192.0.2.1"), 0x21: (socket.AF_INET6, "2001:db8::1")}
    body = b""
    if family in known:
        version, here = known[family]
        body = socket.inet_pton(version, client) + socket.inet_pton(version, here)
        body += struct.pack("!HH", 5000, 443)
    body += more
    return b"\r\n\r\n\x00\r\nQUIT\n" + struct.pack("!BBH", 0x20 | command, family, len(body)) + body


LOCAL, NO_FAMILY, OVER_TCP_6 = 0, 0x00, 0x21
TLV = b"\x04\x00\x03abc"

OTHERS = (
    *("X-Real-IP", FORGED),
    *("CF-Connecting-IP", FORGED),
    *("True-Client-IP", FORGED),
    *("X-Client-IP", FORGED),
    *("Forwarded", f"for={FORGED}"),
)
XFF = "X-Forwarded-For"

BY_HEADER = (
    Row(EDGE, CLIENT, (XFF, CLIENT)),
    Row(EDGE, CLIENT, (XFF, CLIENT, *OTHERS)),
    Row(EDGE, CLIENT, (XFF, f"{FORGED}, {CLIENT}")),
    Row(EDGE, CLIENT, (XFF, f"{FORGED},{CLIENT}")),
    Row(EDGE, CLIENT, (XFF, f"127.0.0.1, {CLIENT}")),
    Row(EDGE, CLIENT, (XFF, f"unknown, {CLIENT}")),
    Row(EDGE, CLIENT, (XFF, FORGED, XFF, CLIENT)),
    Row(EDGE, CLIENT, ("X_Forwarded_For", FORGED, XFF, CLIENT)),
    Row(EDGE, OVER_6, (XFF, OVER_6)),
    Row(EDGE, OVER_6, (XFF, f"{FORGED}, {OVER_6}")),
    Row(EDGE, CLIENT, (XFF, CLIENT), over_6=True),
    Row(EDGE, OVER_6, (XFF, f"{FORGED_6}, {OVER_6}", *OTHERS), over_6=True),
    Row(EDGE, CUT_OFF, (XFF, CLIENT), line()),
    Row(EDGE, CUT_OFF, (XFF, CLIENT), block()),
    Row(EDGE, MOVED, (XFF, CLIENT), tls=False),
    Row(EDGE, CHALLENGE, tls=False, path="/.well-known/acme-challenge/token"),
    Row(STRANGER, ITSELF),
    Row(STRANGER, ITSELF, (XFF, FORGED)),
    Row(STRANGER, ITSELF, (XFF, FORGED, *OTHERS)),
    Row(STRANGER, ITSELF, (XFF, f"{FORGED}, 127.0.0.1")),
    Row(STRANGER, ITSELF, (XFF, "127.0.0.1", "X-Real-IP", "127.0.0.1")),
    Row(STRANGER, ITSELF, (XFF, f"{FORGED}, {EDGE}")),
    Row(STRANGER, ITSELF, (XFF, FORGED, XFF, EDGE)),
    Row(STRANGER, ITSELF, ("X_Forwarded_For", FORGED)),
    Row(STRANGER, ITSELF, (XFF, FORGED_6, *OTHERS), over_6=True),
    Row(STRANGER, CUT_OFF, (XFF, FORGED), line(FORGED)),
    Row(STRANGER, CUT_OFF, (XFF, FORGED), block(FORGED)),
)
"""With an edge that tells by X-Forwarded-For; a header's EDGE is the edge's own address."""

BY_REAL_IP = (
    Row(EDGE, CLIENT, ("X-Real-IP", CLIENT)),
    Row(EDGE, CLIENT, ("X-Real-IP", CLIENT, XFF, FORGED, "CF-Connecting-IP", FORGED)),
    Row(EDGE, OVER_6, ("X-Real-IP", OVER_6, XFF, f"{FORGED}, 127.0.0.1")),
    Row(EDGE, ITSELF, (XFF, FORGED)),
    Row(STRANGER, ITSELF, ("X-Real-IP", FORGED)),
    Row(STRANGER, ITSELF, ("X-Real-IP", FORGED, XFF, f"{FORGED}, {EDGE}")),
)

_BROKEN = (
    Row(EDGE, CUT_OFF, first=block()[:20]),
    Row(EDGE, CUT_OFF, first=line() + line(FORGED)),
    Row(EDGE, CUT_OFF, first=line() + block(FORGED)),
)
BY_PROTOCOL = (
    Row(EDGE, CLIENT, first=line()),
    Row(EDGE, CLIENT, (XFF, FORGED, *OTHERS), line()),
    Row(EDGE, CLIENT, (XFF, f"{FORGED}, 127.0.0.1"), line()),
    Row(EDGE, OVER_6, (XFF, FORGED), line(OVER_6, 6)),
    Row(EDGE, CLIENT, (XFF, FORGED), line(), over_6=True),
    Row(EDGE, CLIENT, first=block()),
    Row(EDGE, CLIENT, (XFF, FORGED, *OTHERS), block()),
    Row(EDGE, CLIENT, (XFF, FORGED), block(more=TLV)),
    Row(EDGE, OVER_6, (XFF, FORGED), block(OVER_6, family=OVER_TCP_6)),
    Row(EDGE, OVER_6, first=block(OVER_6, family=OVER_TCP_6, more=TLV), over_6=True),
    Row(EDGE, ITSELF, (XFF, FORGED), block(FORGED, command=LOCAL)),
    Row(EDGE, UNTOLD, (XFF, FORGED), block(family=NO_FAMILY)),
    Row(EDGE, ITSELF, (XFF, FORGED), b"PROXY UNKNOWN\r\n"),
    Row(EDGE, CUT_OFF, first=b"PROXY nonsense\r\n"),
    *_BROKEN,
    Row(EDGE, MOVED, first=line(), tls=False),
    Row(EDGE, MOVED, first=block(), tls=False),
    Row(EDGE, CHALLENGE, first=block(), tls=False, path="/.well-known/acme-challenge/token"),
    Row(EDGE, ITSELF, (XFF, FORGED)),
    Row(STRANGER, ITSELF, first=line(FORGED)),
    Row(STRANGER, ITSELF, first=line("127.0.0.1")),
    Row(STRANGER, ITSELF, (XFF, FORGED, *OTHERS), line(FORGED)),
    Row(STRANGER, ITSELF, (XFF, FORGED), block(FORGED)),
    Row(STRANGER, ITSELF, (XFF, FORGED), block(FORGED, more=TLV)),
    Row(STRANGER, ITSELF, (XFF, FORGED), block(FORGED, command=LOCAL)),
    Row(STRANGER, ITSELF, (XFF, FORGED_6), line(FORGED_6, 6), over_6=True),
    Row(STRANGER, CUT_OFF, first=b"PROXY nonsense\r\n"),
    # nginx asks for the line of everybody; to the others, who says nothing is who has connected.
    Row(STRANGER, ITSELF),
    Row(STRANGER, ITSELF, (XFF, FORGED)),
)

_OF_CLOUDFLARE = ("CF-Connecting-IP", CLIENT, XFF, f"{FORGED}, {CLIENT}")
PULLED = (
    Row(EDGE, CLIENT, _OF_CLOUDFLARE, shows=THEIRS),
    Row(EDGE, CLIENT, (*_OF_CLOUDFLARE, "True-Client-IP", FORGED, "X-Real-IP", FORGED), shows=THEIRS),
    Row(EDGE, OVER_6, ("CF-Connecting-IP", OVER_6, XFF, f"{FORGED}, {OVER_6}"), shows=THEIRS),
    Row(EDGE, CLIENT, _OF_CLOUDFLARE, shows=THEIRS, over_6=True),
    Row(EDGE, CUT_OFF, _OF_CLOUDFLARE),
    Row(EDGE, CUT_OFF, _OF_CLOUDFLARE, shows=SELF_MADE),
    Row(EDGE, CUT_OFF, _OF_CLOUDFLARE, shows=ENDED),
    Row(EDGE, MOVED, _OF_CLOUDFLARE, tls=False),
    Row(EDGE, CHALLENGE, tls=False, path="/.well-known/acme-challenge/token"),
    Row(STRANGER, CUT_OFF),
    Row(STRANGER, CUT_OFF, _OF_CLOUDFLARE),
    Row(STRANGER, CUT_OFF, _OF_CLOUDFLARE, shows=SELF_MADE),
    # Cloudflare's own CA signs for all of its customers, so that the address counts as well.
    Row(STRANGER, ITSELF, _OF_CLOUDFLARE, shows=THEIRS),
    Row(STRANGER, MOVED, tls=False),
    Row(STRANGER, CHALLENGE, tls=False, path="/.well-known/acme-challenge/token"),
)

PROTO = "X-Forwarded-Proto"
BY_HEADER_PLAIN = (
    *(
        replace(row, tls=False, headers=(*row.headers, PROTO, "https"))
        for row in BY_HEADER
        if row.tls and not row.first
    ),
    Row(EDGE, NOT_SAID, (XFF, CLIENT), tls=False),
    Row(EDGE, CLIENT, (XFF, CLIENT, PROTO, "http, https"), tls=False),
    Row(EDGE, MOVED, (XFF, CLIENT, PROTO, "http"), tls=False),
    Row(EDGE, MOVED, (XFF, CLIENT, PROTO, "HTTP"), tls=False),
    Row(EDGE, MOVED, (XFF, CLIENT, PROTO, "https, http"), tls=False),
    Row(EDGE, MALFORMED, first=line(), tls=False),
    Row(EDGE, MALFORMED, first=block(), tls=False),
)
BY_PROTOCOL_PLAIN = (
    *(replace(row, tls=False) for row in BY_PROTOCOL if row.tls and row not in _BROKEN),
    Row(EDGE, CLIENT, (PROTO, "http", XFF, FORGED), line(), tls=False),
    Row(EDGE, CLIENT, (PROTO, "http", XFF, FORGED), block(), tls=False),
    *(replace(row, tls=False, told=MALFORMED) for row in _BROKEN),
)
"""Over plain HTTP from a load balancer that has the certificates."""

WAYS: Mapping[str, tuple[Mapping[str, Any], tuple[Row, ...]]] = {
    "a header": ({"tells_by": XFF}, BY_HEADER),
    "a header, only": ({"tells_by": XFF, "only": True}, BY_HEADER),
    "a header, firewall": ({"tells_by": XFF, "only": "firewall"}, BY_HEADER),
    "X-Real-IP": ({"tells_by": "X-Real-IP"}, BY_REAL_IP),
    "PROXY": ({"tells_by": "PROXY"}, BY_PROTOCOL),
    "PROXY, only": ({"tells_by": "PROXY", "only": True}, BY_PROTOCOL),
    "PROXY, firewall": ({"tells_by": "PROXY", "only": "firewall"}, BY_PROTOCOL),
    "plain, a header": ({"tells_by": XFF, "speaks": "HTTP", "only": True}, BY_HEADER_PLAIN),
    "plain, PROXY": ({"tells_by": "PROXY", "speaks": "HTTP", "only": "firewall"}, BY_PROTOCOL_PLAIN),
    "pulled": ({"cloudflare": True, "only": True}, PULLED),
    "pulled, firewall": ({"cloudflare": True, "only": "firewall"}, PULLED),
}
"""Settings of an edge but for its addresses and its CA, and what comes of them."""

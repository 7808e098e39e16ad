"""Ask a site for a page, from the machine on which this runs, and print whom the app takes for the client.

python -m tests.proxies.told_by ADDRESS ROOTS LINE [HEADER VALUE]...
"""

import sys
from pathlib import Path

from tests.conformance.wire import Request, Wire

CUT_OFF, NOBODY = "cut off", "nobody"


def client(wire: Wire, *headers: tuple[str, str]) -> str:
    """Give the address that the app is told last, by each header alike, or say that nothing came back."""
    try:
        answer = wire.send(Request("/x", headers=headers))
    except ConnectionError:
        return CUT_OFF
    if answer.status is None:
        return CUT_OFF
    if answer.status != 200:
        return str(answer.status)
    told = [answer.seen_header(name) for name in ("X-Forwarded-For", "X-Real-IP")]
    seen = {header.rpartition(",")[2].strip() for header in told if header is not None}
    return " or ".join(sorted(seen)) or NOBODY


if __name__ == "__main__":
    address, roots, line, *words = sys.argv[1:]
    wire = Wire(address, Path(roots), line=line.encode() + b"\r\n" if line else b"")
    print(client(wire, *zip(words[::2], words[1::2], strict=True)))

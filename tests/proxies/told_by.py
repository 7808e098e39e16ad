"""Ask a site for a page, from the machine on which this runs, and print whom the app takes for the client.

python -m tests.proxies.told_by ROOTS < QUESTIONS

A list in JSON of what `question` makes; a list of answers comes back.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.conformance.wire import Request, Wire

CUT_OFF, NOBODY = "cut off", "nobody"


def question(
    address: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    first: bytes = b"",
    certificate: str = "",
    tls: bool = True,
    path: str = "/x",
) -> dict[str, Any]:
    """Say what to ask, and of whom.

    Args:
        address: the server's.
        headers: the request's.
        first: what is sent before all else.
        certificate: a PEM file by which we show who we are.
        tls: whether over TLS.
        path: what for.

    """
    return {
        **{"address": address, "headers": [*headers], "first": first.hex()},
        **{"certificate": certificate, "tls": tls, "path": path},
    }


def answer(asked: Mapping[str, Any], roots: Path) -> str:
    """Give the address that the app is told last, by each header alike, or say that nothing came back."""
    shown = Path(asked["certificate"]) if asked["certificate"] else None
    wire = Wire(asked["address"], roots, line=bytes.fromhex(asked["first"]), certificate=shown)
    headers = tuple((name, value) for name, value in asked["headers"])
    try:
        found = wire.send(Request(asked["path"], headers=headers, tls=asked["tls"]))
    except OSError:
        return CUT_OFF
    if found.status is None:
        return CUT_OFF
    if found.status != 200 or not found.body.startswith(b"{"):
        return str(found.status)
    told = [found.seen_header(name) for name in ("X-Forwarded-For", "X-Real-IP")]
    seen = {header.rpartition(",")[2].strip() for header in told if header is not None}
    client = " or ".join(sorted(seen)) or NOBODY
    scheme = found.seen_header("X-Forwarded-Proto")
    return client if scheme == "https" else f"{client} over {scheme}"


if __name__ == "__main__":
    print(json.dumps([answer(asked, Path(sys.argv[1])) for asked in json.load(sys.stdin)]))

"""On the server: cut the act of going live off at one step after another, and look at what is left.

    python3 cut_off.py FROM STEP START < [place, program, argument, same of another unit, tree, other tree]

A step is whatever the program counts; there it is killed. START is "bare" or "provisioned". Standard library
only. Prints how many steps there are.
"""

import json
import os
import re
import socket
import ssl
import sys
from typing import Any

from tests.proxies.cutting import go_live, shell


def served() -> str:
    """Ask the site for a page, and tell which configuration has answered: by what it says of HSTS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", 443), 10) as plain,
        context.wrap_socket(plain, server_hostname="shop.test") as link,
    ):
        link.sendall(b"GET /x HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
        said = link.makefile("rb").read().decode()
    assert said.startswith("HTTP/1.1 200"), said
    found = re.search(r"max-age=(\d+)", said)
    assert found, said
    return found[1]


def main(first: int, step: int, *, bare: bool) -> None:
    place, program, *arguments, one, other = json.load(sys.stdin)
    steps, before = first, None if bare else served()
    while True:
        wanted = (one, other)[steps % 2]
        if bare:
            shell(place["to_bare"])
        # Every third time by another unit file, so that a run restarts the proxy.
        argument = arguments[steps % 3 == 0] | {
            "files": wanted["files"] | {"new": f"# never written before {steps}\n"},
            "instead_of": digest(place),
        }
        cut = go_live(program, argument, steps)
        if not bare:
            assert served() in {before, wanted["says"]}, f"cut off after {steps} steps"
            shell(f"systemctl is-enabled {place['unit']} && systemctl restart {place['unit']}")
            assert served() in {before, wanted["says"]}, f"cut off after {steps} steps, and started again"
        assert go_live(program, argument, 0) == 0
        shell(f"systemctl is-enabled {place['unit']} && systemctl is-active {place['unit']}")
        before = served()
        assert before == wanted["says"], f"cut off after {steps} steps: {before} is served"
        with open(f"{place['live']}/new") as new:
            assert new.read() == argument["files"]["new"], f"cut off after {steps} steps"
        trees = os.listdir(place["trees"])
        assert len(trees) <= 2, f"cut off after {steps} steps: {trees}"
        if cut == 0:
            print(steps)
            return
        steps += step


def digest(place: "dict[str, Any]") -> "str | None":
    """Tell what is live by the name of its tree, of which there may be a second one, as a look would."""
    live = os.path.realpath(place["live"])
    return os.path.basename(live).partition("-")[0] if os.path.isdir(live) else None


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), bare=sys.argv[3] == "bare")

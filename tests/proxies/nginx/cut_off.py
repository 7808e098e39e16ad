"""On the server: cut the act of going live off at one step after another, and look at what is left.

    python3 cut_off.py FROM STEP BARE < [source, tree, other tree]

A step is whatever changes files or starts a program, as Python's audit events tell; there the process is
killed. Standard library only. Prints how many steps there are.
"""

import json
import os
import sys
import urllib.request

from tests.proxies.cutting import HOOK, go_live, shell

TO_BARE = """
rm -rf /etc/nginx/nginx.conf /etc/nginx/gatehouse.d
cp /etc/nginx/nginx.conf.debian /etc/nginx/nginx.conf
dpkg-divert --quiet --remove --no-rename /etc/nginx/nginx.conf
ln -sfn /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default
systemctl reload nginx
"""


def argument(files: object, steps: int) -> dict[str, object]:
    service = f"# {steps}\n[Service]\nRestart=on-failure\n"
    return {"files": files, "service": service, "predecessors": []}


def served() -> str:
    with urllib.request.urlopen("http://127.0.0.80/") as answer:
        return str(answer.read().decode())


def main(first: int, step: int, *, bare: bool) -> None:
    source, *trees = json.load(sys.stdin)
    steps = first
    while True:
        files = trees[steps % 2] | {"new": f"# never written before {steps}\n"}
        if bare:
            shell(TO_BARE)
        wanted = argument(files, steps)
        cut = go_live(HOOK + source, wanted, steps)
        looks = "nginx -t && systemctl is-active nginx && test -s /etc/nginx/nginx.conf"
        shell(looks, about=f"cut off after {steps} steps")
        served()
        assert go_live(HOOK + source, argument(files, 0), 0) == 0
        live = os.path.dirname(os.path.realpath("/etc/nginx/nginx.conf"))
        assert served() == live, f"cut off after {steps} steps: {served()} is served, not {live}"
        trees_left = os.listdir("/etc/nginx/gatehouse.d")
        assert len(trees_left) <= 2, f"cut off after {steps} steps: {trees_left}"
        assert not os.path.exists("/etc/nginx/gatehouse-candidate.conf")
        if cut == 0:
            print(steps)
            return
        steps += step


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), bare=sys.argv[3] == "bare")

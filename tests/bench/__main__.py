"""Take the measurements named on the command line, or all; the exit code is 0 if all is as promised.

What is promised is promised of 20 deploys at 200 requests a second; with less, of as much less.
"""

import argparse
import signal
import sys
from functools import partial

from rich.console import Console

from tests.bench import containers, memory, proxies, releases, rerun, servers
from tests.bench.running import run
from tests.bench.setting import Setting
from tests.lab import Lab
from tests.lab.debian import RELEASES

PARTS = {
    "rerun": rerun.measure,
    "proxies": proxies.measure,
    "memory": memory.measure,
    "containers": containers.measure,
    "releases": releases.measure,
    "servers": servers.measure,
}


def main(words: list[str]) -> int:
    """Take what is named; Ctrl-C or SIGTERM ends it, with what there is by then."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all unless given")
    parser.add_argument("--debian", choices=RELEASES, default=Setting.debian, help="what the server runs")
    parser.add_argument("--deploys", type=int, default=Setting.deploys, help="of each app under load")
    parser.add_argument("--rate", type=int, default=Setting.rate, help="requests a second to each app")
    parser.add_argument("--rounds", type=int, default=Setting.rounds, help="of which the medians count")
    given = parser.parse_args(words)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    setting = Setting(given.debian, given.deploys, given.rate, given.rounds)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    console.width = max(console.width, 130)
    parts = given.parts or PARTS
    return run({name: partial(PARTS[name], Lab(), setting=setting) for name in parts}, console)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

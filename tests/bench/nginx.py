"""What nginx costs in front of an app, and what it saves where it answers by itself."""

import re
import shlex
import statistics
from typing import NamedTuple

from rich.table import Table

from deploys.load import server_from
from deploys.places.apps import LIVE
from tests.house import House
from tests.lab import Lab, LabError, Server

ROUNDS = 3
SECONDS = 3
CONNECTIONS = 32
CLOSE = "Connection: close"


class Way(NamedTuple):
    """One way to an answer."""

    what: str
    url: str
    header: str = ""


def measure(lab: Lab, debian: str) -> Table:
    """Ask the app directly and through nginx, in turn, from the server itself; both share its cores."""
    server = lab.up(f"bench-nginx-{debian}", debian=debian)
    routes = {"/": {"app": "demo"}, "/files/": {"files": "demo/static", "release_of": "demo"}}
    house = House.on(lab, server)
    (domain,) = house.settings["sites"]
    sites = {domain: {**house.settings["sites"][domain], "routes": routes}}
    house.deploy(sites=sites).check()
    server.run("apt-get install -qq -y wrk >/dev/null")
    server.run(f"grep -q {domain} /etc/hosts || echo 127.0.0.1 {domain} >> /etc/hosts")
    app, site = f"http://127.0.0.1:{live_port(house)}", f"https://{domain}"
    ways = [
        Way("an answer of the app, directly", f"{app}/health"),
        Way("the same, a connection for each", f"{app}/health", CLOSE),
        Way("an answer of the app, through nginx with TLS", f"{site}/health"),
        Way("the same, a connection for each", f"{site}/health", CLOSE),
        Way("a file, by the app", f"{app}/static/hello.txt"),
        Way("a file, by the app through nginx with TLS", f"{site}/static/hello.txt"),
        Way("a file, by nginx with TLS", f"{site}/files/hello.txt"),
    ]
    found = [[rate(server, way) for way in ways] for _ in range(ROUNDS)]
    rates = [statistics.median(column) for column in zip(*found, strict=True)]
    table = Table(
        title=f"Requests per second, {CONNECTIONS} connections, median of {ROUNDS} rounds",
        title_justify="left",
    )
    table.add_column("what")
    table.add_column("requests/s", justify="right")
    table.add_column("of the app's own", justify="right")
    for way, per_second in zip(ways, rates, strict=True):
        table.add_row(way.what, f"{per_second:,.0f}", f"{per_second / rates[0]:.2f}")
    return table


def rate(server: Server, way: Way) -> float:
    """Ask for so many seconds as fast as answers come; any that is not 2xx ends the measurement."""
    header = f"-H {shlex.quote(way.header)}" if way.header else ""
    said = server.run(f"wrk -t1 -c{CONNECTIONS} -d{SECONDS}s {header} {way.url}").stdout
    if "Non-2xx" in said:
        raise LabError(f"{way.what}: {said}")
    found = re.search(r"Requests/sec: +([\d.]+)", said)
    assert found, said
    return float(found[1])


def live_port(house: House) -> int:
    """Give the port of the slot that has the traffic."""
    port = server_from(house.settings).port("demo")
    return port + (house.server.run(f"test -e {LIVE}/demo-b", check=False).returncode == 0)

"""What each proxy costs in front of an app, next to an nginx that is configured by hand with the least."""

import re
import shlex
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deploys.load import server_from
from deploys.places.apps import LIVE
from tests.bench import targets
from tests.bench.report import Report
from tests.bench.setting import Setting
from tests.house import House
from tests.lab import Lab, LabError, Server
from tests.proxies.stage import PROXYING, chosen_proxy

SECONDS = 2
CONNECTIONS = 32
HELLO = Path(__file__).parent.parent / "demo/demo/static/hello.txt"
FILES = "/srv/by-hand/files"
BY_HAND = "bench-by-hand.service"
PORT = 8443
CONFIGURATION = """\
user www-data;
worker_processes auto;
pid /run/bench-by-hand.pid;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    access_log /var/log/nginx/by-hand.log;
    upstream app {{ server 127.0.0.1:{app}; keepalive 32; }}
    server {{
        listen {port} ssl;
        ssl_certificate /etc/letsencrypt/live/{domain}/fullchain.pem;
        ssl_certificate_key /etc/letsencrypt/live/{domain}/privkey.pem;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        location / {{ proxy_pass http://app; }}
        location /files/ {{ alias {files}/; }}
    }}
}}
"""


class Way(NamedTuple):
    """One kind of request, by what it needs."""

    what: str
    path: str
    header: str = ""
    needs: str = "sites.*.routes"

    @property
    def is_file(self) -> bool:
        """Whether the proxy answers by itself, with a file."""
        return self.needs.endswith(".files")


WAYS = (
    Way("an answer of the app", "/health"),
    Way("the same, a connection for each", "/health", "Connection: close"),
    Way("a file", "/files/hello.txt", needs="sites.*.routes.*.files"),
)


class Cost(NamedTuple):
    """What so many requests took."""

    rate: float
    """Requests per second."""
    cpu: float
    """Of the proxy's processes, microseconds per request."""


def measure(lab: Lab, report: Report, setting: Setting) -> None:
    """Ask by hand's and each proxy's ways in turn, from the server itself; all share its cores."""
    report.begin(
        f"Debian {setting.debian}: {CONNECTIONS} connections over TLS, median of {setting.rounds} rounds",
        ("proxy", "what"),
        ("requests/s", "by hand", "times", "µs of CPU each", "by hand", "times"),
    )
    server = lab.up(f"bench-{setting.debian}", debian=setting.debian)
    for name, proxy in PROXYING.items():
        report.tell(f"{name}: setting up")
        ways = [way for way in WAYS if way.needs not in proxy.lacks]
        house = serving(lab, server, name, {way.path for way in ways})
        urls = {BY_HAND: f"https://{house.domain}:{PORT}", proxy.unit: f"https://{house.domain}"}
        for way in ways:
            report.tell(f"{name}: {way.what}")
            costs = median(server, urls, way, setting.rounds)
            cost, plain = costs[proxy.unit], costs[BY_HAND]
            rate, cpu = cost.rate / plain.rate, cost.cpu / plain.cpu
            report.add(
                name,
                way.what,
                *(f"{cost.rate:,.0f}", f"{plain.rate:,.0f}", f"{rate:.2f}"),
                *(f"{cost.cpu:.0f}", f"{plain.cpu:.0f}", f"{cpu:.2f}"),
                missed=targets.of_proxy(name, cpu, rate, is_file=way.is_file),
            )


def serving(lab: Lab, server: Server, name: str, paths: set[str]) -> House:
    """Have a server answer through a proxy, and aside through nginx as configured by hand."""
    house = House.on(lab, server, **chosen_proxy(lab, name))
    routes = {"/": {"app": "demo"}}
    files = {"/files/": {"files": "demo/static", "release_of": "demo"}}
    if "/files/hello.txt" in paths:
        routes |= files
    (site,) = house.settings["sites"].values()
    house.deploy(sites={house.domain: {**site, "routes": routes}}).check()
    server.install("wrk")
    server.run(f"grep -q {house.domain} /etc/hosts || echo 127.0.0.1 {house.domain} >> /etc/hosts")
    server.run(f"mkdir -p {FILES} && cat > {FILES}/hello.txt", stdin=HELLO.read_text())
    written = CONFIGURATION.format(app=live_port(house), port=PORT, domain=house.domain, files=FILES)
    server.run("cat > /etc/bench-by-hand.conf", stdin=written)
    server.run(f"systemctl stop {BY_HAND}; systemctl reset-failed {BY_HAND}", check=False)
    command = "/usr/sbin/nginx -c /etc/bench-by-hand.conf -g 'daemon off;'"
    server.run(f"systemd-run --quiet --unit {BY_HAND} {command}")
    return house


def median(server: Server, urls: Mapping[str, str], way: Way, times: int) -> dict[str, Cost]:
    """Ask all of some units in turn, several times, and give for each the medians."""
    rounds = [{unit: ask(server, unit, url, way) for unit, url in urls.items()} for _ in range(times)]
    return {
        unit: Cost(
            statistics.median(found[unit].rate for found in rounds),
            statistics.median(found[unit].cpu for found in rounds),
        )
        for unit in urls
    }


def ask(server: Server, unit: str, url: str, way: Way) -> Cost:
    """Ask for so many seconds as fast as answers come; any that is not 2xx ends the measurement."""
    header = f"-H {shlex.quote(way.header)}" if way.header else ""
    usage = f"systemctl show --value --property CPUUsageNSec {unit}"
    wrk = f"wrk -t1 -c{CONNECTIONS} -d{SECONDS}s {header} {url}{way.path}"
    before, *said, after = server.run(f"{usage}; {wrk}; {usage}").stdout.splitlines()
    lines = "\n".join(said)
    if "Non-2xx" in lines or not (rate := re.search(r"Requests/sec: +([\d.]+)", lines)):
        raise LabError(f"{way.what}, {url}: {lines}")
    (requests,) = re.findall(r"(\d+) requests in", lines)
    return Cost(float(rate[1]), (int(after) - int(before)) / 1000 / int(requests))


def live_port(house: House) -> int:
    """Give the port of the slot that has the traffic."""
    port = server_from(house.settings).port("demo")
    return port + (house.server.run(f"test -e {LIVE}/demo-b", check=False).returncode == 0)

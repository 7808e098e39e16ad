"""Whatever settings are valid, nginx takes what they render to, and it means what was asked."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from deploys.load import server_from
from deploys.routing import AppTarget, FilesTarget, RedirectTarget, UpstreamTarget, VirtualHost, routing
from tests.proxies.nginx.strategies import settings
from tests.proxies.nginx.trees import (
    Directive,
    args,
    block,
    bytes_of,
    find,
    milliseconds_of,
    parse,
    placed,
    render,
    write,
)
from tests.proxies.nginx.typical import MACHINES, TEAM
from tests.proxies.stage import Stage


def trying(count: int) -> hypothesis_settings:
    """So many examples, the same in every run."""
    return hypothesis_settings(max_examples=count, suppress_health_check=list(HealthCheck), derandomize=True)


@trying(60)
@example(TEAM, "forky")
@given(settings(), st.sampled_from(list(MACHINES)))
def test_it_means_what_was_asked(asked: dict[str, Any], machine: str) -> None:
    hosts = routing(server_from(asked)).hosts
    with tempfile.TemporaryDirectory() as folder:
        http = block(parse(write(render(asked, MACHINES[machine]), Path(folder))), "http")
    servers = [server["block"] for server in find(http, "server")]
    assert len(servers) == 3 + sum(2 + bool(host.redirected) for host in hosts)
    for host in hosts:
        check_host(host, servers)
    answering = {args(upstream["block"], "keepalive")[0] for upstream in find(http, "upstream")}
    assert answering <= {"32"}
    assert len(list(find(http, "upstream"))) == 2 * len(asked["apps"]) + len(asked["upstreams"])


def check_host(host: VirtualHost, servers: list[list[Directive]]) -> None:
    served = [host.authority, *host.served[1:]]
    (site,) = [
        server
        for server in servers
        if args(server, "server_name") == served
        and any("ssl" in listen["args"] for listen in find(server, "listen"))
    ]
    assert bytes_of(*args(site, "client_max_body_size")) == host.site.max_body.bytes
    assert (
        args(site, "ssl_certificate") == [host.lineage.chain]
        or "/etc/" not in args(site, "ssl_certificate")[0]
    )
    hsts = [
        header["args"]
        for header in find(site, "add_header")
        if header["args"][0] == "Strict-Transport-Security"
    ]
    assert len(hsts) == bool(host.site.hsts)
    locations = {tuple(location["args"]): location["block"] for location in find(site, "location")}
    for target in host.targets:
        where = ("/",) if target.path == "/" else ("^~", f"{target.path}/")
        check_target(target, locations[where])
        if target.path != "/":
            assert ("=", target.path) in locations


def check_target(
    target: AppTarget | UpstreamTarget | FilesTarget | RedirectTarget, location: list[Directive]
) -> None:
    match target:
        case AppTarget():
            app = re.escape(target.route.app)
            assert re.match(
                rf"http://gatehouse-{app}-\$\{{slot_\w+\}}\$\w+$", args(location, "proxy_pass")[0]
            )
        case UpstreamTarget():
            assert args(location, "proxy_pass")[0].startswith(f"http://upstream_{target.route.upstream}$")
        case FilesTarget():
            assert args(location, "alias")[0].endswith(f"/{target.route.files.strip('/')}/")
        case RedirectTarget():
            assert args(location, "return")[0] == str(target.route.status)
            assert target.route.redirect.rstrip("/") in args(location, "return")[1]
    if isinstance(target, AppTarget | UpstreamTarget):
        assert milliseconds_of(*args(location, "proxy_read_timeout")) == target.route.timeout.milliseconds
        headers = {header["args"][0]: header["args"][1] for header in find(location, "proxy_set_header")}
        assert headers["X-Forwarded-For"] == headers["X-Real-IP"] == "$remote_addr"
        assert headers["Forwarded"] == headers["Proxy"] == ""
        assert headers["X-Forwarded-Prefix"] == (target.route.prefix or "").rstrip("/")


TESTER = """
import json, os, subprocess, sys
for number, files in enumerate(json.load(sys.stdin)):
    for path, content in files.items():
        path = f"/root/properties/{number}/{path}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write(content)
    command = ["nginx", "-t", "-q", "-c", f"/root/properties/{number}/nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{number}: {done.stderr}")
"""

BATCH = 50


of_each_release = pytest.mark.parametrize(
    "faulty",
    ["13", *(pytest.param(release, marks=pytest.mark.slow) for release in ("12", "forky"))],
    ids=lambda release: f"debian-{release}",
    indirect=True,
    scope="session",
)


@pytest.fixture(scope="module")
def tester(faulty: Stage) -> tuple[Stage, str]:
    """A server with nginx and a certificate."""
    stage, release = faulty, faulty.server.disk.debian
    stage.deploy().check()
    stage.server.run("rm -rf /root/properties && mkdir /root/properties")
    stage.server.run("cp /etc/gatehouse/certificates/shop.test/*.pem /root/properties")
    return stage, "forky" if release == "forky" else f"debian-{release}"


def any_settings(count: int) -> list[dict[str, Any]]:
    """Draw so many settings, to be tested together: a thousand logins would take longer than the tests."""
    found: list[dict[str, Any]] = []

    @trying(count)
    @given(settings())
    def gather(asked: dict[str, Any]) -> None:
        found.append(asked)

    gather()
    return found


def take(tester: tuple[Stage, str], asked: list[dict[str, Any]]) -> None:
    """Have nginx test what each of the settings renders to."""
    stage, machine = tester
    if machine == "debian-12":
        for described in (site for one in asked for site in one["sites"].values()):
            described.pop("http3", None)
    for batch in (asked[start : start + BATCH] for start in range(0, len(asked), BATCH)):
        files = [
            placed(render(one, MACHINES[machine]), f"/root/properties/{number}", "/root/properties")
            for number, one in enumerate(batch)
        ]
        done = stage.server.run(f"python3 -c '{TESTER}'", stdin=json.dumps(files), check=False)
        assert done.returncode == 0, f"{batch[int(done.stderr.split(':')[0])]}\n{done.stderr}"


@pytest.mark.lab
@of_each_release
def test_nginx_takes_it(tester: tuple[Stage, str]) -> None:
    take(tester, any_settings(50))


@pytest.mark.lab
@pytest.mark.slow
@of_each_release
def test_nginx_takes_a_thousand(tester: tuple[Stage, str]) -> None:
    take(tester, any_settings(1000))

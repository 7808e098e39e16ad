"""Who is believed about a client's address, and what maintenance and the log say."""

import json
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.wire import Answer, Request, parse
from tests.proxies.nginx.conftest import SETTINGS
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab
SLOW = pytest.mark.slow

CLIENT = "203.0.113.66"


@pytest.fixture
def stage(faulty: Stage) -> Iterator[Stage]:
    yield faulty
    make_live(faulty, faulty.render())


def told(stage: Stage, header: str, value: str, path: str = "/x") -> Answer:
    return stage.wire.send(Request(path, headers=((header, value),)))


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", *(pytest.param(name, marks=SLOW) for name in ("X-Real-IP", "CF-Connecting-IP"))],
)
def test_a_balancer_is_believed(stage: Stage, header: str) -> None:
    make_live(stage, stage.render(edge={"addresses": [f"{stage.client}/32"], "tells_by": header}))
    answer = told(stage, header, CLIENT)
    assert answer.seen_header("x-forwarded-for") == answer.seen_header("x-real-ip") == CLIENT


@pytest.mark.slow
def test_only_the_last_address_that_is_no_balancers_counts(stage: Stage) -> None:
    make_live(stage, stage.render(edge={"addresses": [f"{stage.client}/32", "198.51.100.0/24"]}))
    answer = told(stage, "X-Forwarded-For", f"192.0.2.1, {CLIENT}, 198.51.100.7")
    assert answer.seen_header("x-forwarded-for") == CLIENT


@pytest.mark.slow
def test_another_header_than_the_balancers_is_not_believed(stage: Stage) -> None:
    make_live(stage, stage.render(edge={"addresses": [f"{stage.client}/32"], "tells_by": "X-Real-IP"}))
    answer = told(stage, "X-Forwarded-For", CLIENT)
    assert answer.seen_header("x-forwarded-for") == stage.client


def test_nobody_else_is_believed(stage: Stage) -> None:
    for edge in ({"addresses": ["198.51.100.0/24"]}, {"cloudflare": True}):
        make_live(stage, stage.render(edge=edge))
        for header in ("X-Forwarded-For", "CF-Connecting-IP"):
            answer = told(stage, header, CLIENT)
            assert answer.seen_header("x-forwarded-for") == stage.client
            assert CLIENT not in answer.body.decode()


def test_who_does_not_come_by_the_edge_is_cut_off(stage: Stage) -> None:
    sites = {"shop.test": {**SETTINGS["sites"]["shop.test"], "aliases": ["www.shop.test"]}}
    asked = (
        Request("/x"),
        Request("/x", tls=False),
        Request("/x", host="www.shop.test", sni="shop.test"),
        Request("/x", host="www.shop.test", tls=False),
        Request("/.well-known/acme-challenge/token", tls=False),
    )

    def statuses() -> list[int | None]:
        return [stage.wire.send(request).status for request in asked]

    make_live(stage, stage.render(sites=sites, edge={"cloudflare": True, "only": True}))
    assert statuses() == [None, None, None, None, 200]
    assert told(stage, "CF-Connecting-IP", CLIENT).status is None
    make_live(stage, stage.render(sites=sites, edge={"addresses": [f"{stage.client}/32"], "only": True}))
    assert statuses() == [200, 301, 301, 301, 200]
    assert told(stage, "X-Forwarded-For", CLIENT).status == 200


def test_rates_are_counted_by_the_address_that_the_edge_tells(stage: Stage) -> None:
    site = {"routes": {"/": {"app": "shop", "limits": {"rate": "1/m", "burst": 0}}}}
    edge = {"addresses": [f"{stage.client}/32"]}
    make_live(stage, stage.render(edge=edge, sites={"shop.test": site}))
    assert [told(stage, "X-Forwarded-For", CLIENT).status for _ in range(2)] == [200, 429]
    assert told(stage, "X-Forwarded-For", "203.0.113.67").status == 200


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"PROXY TCP4 203.0.113.66 192.0.2.1 5000 443\r\n", 200),
        pytest.param(b"", None, marks=SLOW),
        pytest.param(b"PROXY nonsense\r\n", None, marks=SLOW),
    ],
)
def test_the_proxy_protocol(stage: Stage, line: bytes, status: int | None) -> None:
    make_live(stage, stage.render(edge={"addresses": [f"{stage.client}/32"], "tells_by": "PROXY"}))
    context = ssl.create_default_context(cafile=str(stage.roots))
    with socket.create_connection((str(stage.server.address), 443), timeout=20) as plain:
        plain.sendall(line)
        try:
            with context.wrap_socket(plain, server_hostname="shop.test") as link:
                link.sendall(Request("/x").bytes())
                answer = parse(link)
        except OSError:
            answer = Answer(None)
    assert answer.status == status
    if status:
        assert answer.seen_header("x-forwarded-for") == CLIENT


def test_maintenance_needs_no_reload(stage: Stage) -> None:
    def switch(to: str) -> list[str]:
        run = stage.deploy("--data", f"maintenance={to}", deploy="deploys/maintenance.py")
        return run.check().changed

    assert switch("on") == ["Maintenance: on"]
    answer = stage.wire.send(Request("/x", method="POST"))
    assert answer.status == 503
    assert b"Not available at the moment" in answer.body
    assert answer.header("strict-transport-security")
    assert stage.wire.send(Request("/.well-known/acme-challenge/token", tls=False)).status == 200
    assert switch("on") == []
    assert switch("off") == ["Maintenance: off"]
    assert stage.wire.send(Request("/x")).status == 200
    assert switch("off") == []


@pytest.mark.slow
def test_maintenance_is_on_or_off(stage: Stage) -> None:
    run = stage.deploy(deploy="deploys/maintenance.py")
    assert run.code != 0
    assert 'maintenance: None: write "on" or "off"' in run.output


@pytest.mark.slow
def test_a_page_of_the_users_own(stage: Stage) -> None:
    site = {**SETTINGS["sites"]["shop.test"], "error_pages": {503: "tests/conformance/pages/broken.html"}}
    stage.deploy(sites={"shop.test": site}).check()
    stage.server.run("touch /var/lib/gatehouse/maintenance/shop.test")
    try:
        assert b"the shop is broken" in stage.wire.send(Request("/x")).body
    finally:
        stage.server.run("rm /var/lib/gatehouse/maintenance/shop.test")


def test_a_site_by_its_address(stage: Stage) -> None:
    """Clients send no name in the handshake, then."""
    address = str(stage.server.address)
    site = {"routes": {"/": {"app": "shop"}}, "certificate": {"profile": "shortlived"}}
    folder = "/etc/gatehouse/certificates"
    stage.server.run(f"ln -sfn shop.test {folder}/{address}")
    make_live(stage, stage.render(sites={**SETTINGS["sites"], address: site}))
    assert stage.wire.send(Request("/x", host=address, sni="")).seen_header("host") == address
    assert stage.wire.send(Request("/x", host="nobody.test", sni="")).status == 421
    assert stage.wire.send(Request("/x", host="shop.test", sni="")).status == 421
    assert stage.wire.send(Request("/x")).seen_header("host") == "shop.test"


def entries(stage: Stage) -> list[dict[str, Any]]:
    lines = stage.server.run("cat /var/log/nginx/access.log").stdout.splitlines()
    return [json.loads(line) for line in lines if line.startswith('{"time"')]


def test_the_log_has_what_is_needed_and_no_secrets(stage: Stage) -> None:
    headers = (
        ("Referer", "https://elsewhere.test/?token=secret"),
        ("User-Agent", 'a "quoted" agent'),
        ("X-Do", "sleep:0.2"),
    )
    answer = stage.wire.send(Request("/logged?token=secret", headers=headers))
    found = [entry for entry in entries(stage) if entry["path"] == "/logged"][-1]
    assert found["id"] == answer.header("x-request-id") == answer.seen_header("x-request-id")
    assert (found["client"], found["method"], found["host"]) == (stage.client, "GET", "shop.test")
    assert (found["status"], found["upstream_status"]) == (200, "200")
    assert found["upstream"] == "127.0.0.1:20100"
    assert min(float(found["upstream_seconds"]), float(found["seconds"])) > 0.19
    assert found["referrer"] == "https://elsewhere.test/"
    assert found["agent"] == 'a "quoted" agent'
    assert "secret" not in json.dumps(found)


def test_every_line_of_the_log_is_json(stage: Stage) -> None:
    no_utf8 = (
        b'GET /\xff\xfe"?x HTTP/1.1\r\nHost: shop.test\r\n'
        b"User-Agent: \xff\r\nReferer: /\xe4\r\nConnection: close\r\n\r\n"
    )
    for raw in (
        b"nonsense\r\n\r\n",
        b'GET /\xff\xfe" HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n',
        no_utf8,
    ):
        stage.wire.send(Request(raw=raw))
    with stage.wire.connect("shop.test") as link:
        link.sendall(b"GET /given-up HTTP/1.1\r\nHost: shop.test\r\n")
    lines = stage.server.run("cat /var/log/nginx/access.log").stdout.splitlines()
    ours = [line for line in lines if "shop.test" in line]
    found = [json.loads(line) for line in ours]
    no_text = {"path": "(not printable)", "referrer": "(not printable)", "agent": "(not printable)"}
    assert [entry for entry in found if entry.items() >= no_text.items()]
    assert len([entry for entry in found if entry["path"] == "(not printable)"]) == 2


def test_no_client_fills_the_disk_with_a_request(stage: Stage) -> None:
    unprintable = {character * 15_000: "(not printable)" for character in "\x01\x7f\xff"}
    cases = {"": "", "a": "a", "a" * 15_000: "a" * 300, '"' * 15_000: '"' * 300, **unprintable}
    for sent, logged in cases.items():
        headers = (("Referer", sent), ("User-Agent", sent)) if sent else ()
        path, method = "/long" + "%22" * 4000, "LONG" * 1000
        stage.wire.send(Request(path, headers=headers, method=method))
        line = stage.server.run("tail -n 1 /var/log/nginx/access.log").stdout
        found = json.loads(line)
        assert (found["referrer"], found["agent"]) == (logged, logged)
        assert (found["path"], found["method"]) == (path[:1000], method[:20])
        assert len(line) < 2700


@pytest.mark.slow
def test_who_guesses_files_leaves_no_line_in_the_log_of_errors(stage: Stage) -> None:
    site = {
        "routes": {
            "/": {"app": "shop", "limits": {"rate": "1/m", "burst": 0}},
            "/static/": {"files": "/srv/none"},
        }
    }
    make_live(stage, stage.render(sites={"shop.test": site}))
    before = stage.server.run("cat /var/log/nginx/error.log").stdout
    assert stage.wire.send(Request("/static/guessed")).status == 404
    guessed = Request("/.well-known/acme-challenge/guessed", host="none.test", tls=False)
    assert stage.wire.send(guessed).status == 404
    assert [stage.wire.send(Request("/x")).status for _ in range(2)] == [200, 429]
    assert stage.server.run("cat /var/log/nginx/error.log").stdout == before


def test_logs_are_rotated(stage: Stage) -> None:
    stage.wire.send(Request("/before-rotation"))
    stage.server.run("logrotate -f /etc/logrotate.d/nginx")
    stage.wire.send(Request("/after-rotation"))
    paths = [entry["path"] for entry in entries(stage)]
    assert "/after-rotation" in paths
    assert "/before-rotation" not in paths
    assert "/before-rotation" in stage.server.run("cat /var/log/nginx/access.log.1").stdout


def test_old_workers_keep_what_is_open_and_go_when_it_ends(stage: Stage) -> None:
    with stage.wire.connect("shop.test") as link:
        headers = (("X-Do", "events:40,1"),)
        link.sendall(Request("/x", headers=headers).bytes())
        assert b"data: 0" in link.recv(4096) + link.recv(4096)
        stage.reload()
        assert b"data: " in link.recv(4096)
        assert shutting_down(stage) == 1
    until_gone = "timeout 30 sh -c 'while pgrep -f \"[w]orker process is shutting down\"; do sleep 0.2; done'"
    stage.server.run(until_gone)
    assert stage.server.run("grep worker_shutdown_timeout /etc/nginx/nginx.conf").stdout.split()[-1] == "1h;"


def shutting_down(stage: Stage) -> int:
    count = "timeout 10 sh -c 'until pgrep -fc \"[w]orker process is shutting down\"; do sleep 0.1; done'"
    return int(stage.server.run(count).stdout.split()[-1])

"""A configuration goes live whole or not at all, whatever happens on the way."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.conformance.wire import Request
from tests.lab.waiting import until
from tests.proxies.nginx import stand_in
from tests.proxies.nginx.going_live import OPERATION, limit, live, site, trees
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage
from tests.proxies.taken import taken

pytestmark = pytest.mark.lab


def test_a_full_disk_changes_nothing(stage: Stage) -> None:
    before = live(stage)
    stage.server.run(
        "cp -a /etc/nginx /tmp/nginx && mount -t tmpfs -o size=600k tmpfs /etc/nginx"
        " && cp -a /tmp/nginx/. /etc/nginx && (dd if=/dev/zero of=/etc/nginx/filler || true)"
    )
    try:
        run = stage.deploy(**site(max_body="1234k"))
        assert run.code != 0
        assert "nginx: nothing was changed" in run.output
        assert "No space left on device" in run.output
        assert live(stage) == before
        assert stage.server.run("nginx -t && systemctl reload nginx").returncode == 0
        assert limit(stage) == 1
        stage.server.run("rm /etc/nginx/filler")
        stage.deploy(**site(max_body="1234k")).check()
        assert limit(stage) == 2
    finally:
        stage.server.run("umount /etc/nginx && rm -r /tmp/nginx")


@pytest.mark.newest
def test_a_port_that_is_taken_is_told_before_anything_else(stage: Stage) -> None:
    before = live(stage), trees(stage)
    with taken(stage.server, 443, "DGRAM"):
        run = stage.deploy(**site(http3=True))
    assert run.code != 0
    assert OPERATION not in run.output
    line = r"nothing was changed, nginx cannot listen: port 443/udp is taken by process \d+ of taker.service"
    assert re.search(
        line + r" \(.*python3 -c import socket.*\); end it: systemctl stop taker.service", run.output
    )
    assert (live(stage), trees(stage)) == before


OTHER_PORT = "server { listen 8099; return 204; }\n"


@pytest.mark.parametrize("runs", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_another_port_that_is_taken_changes_nothing(stage: Stage, snippet: Path, *, runs: bool) -> None:
    """nginx's own test does not see this one; its reload does, or its start."""
    before = live(stage)
    snippet.write_text(OTHER_PORT)
    if not runs:
        stage.server.run("systemctl stop nginx")
    with taken(stage.server, 8099):
        run = stage.deploy(snippets=[str(snippet)])
    assert run.code != 0
    assert "bind() to 0.0.0.0:8099 failed (98: " in run.output, run.output
    assert live(stage) == before
    assert ("nginx: the former one is live again, and runs" in run.output) == runs
    assert ("nginx: the former one is there again, but nginx does not run" in run.output) != runs
    if runs:
        assert stage.wire.send(Request("/x")).status == 200


FAILS_LATE = """\
#!/bin/sh
# In the place of nginx: has it reload, and then says that it did not.
/usr/sbin/nginx.real "$@" || exit
case "$*" in *reload*) ! rm /run/fails-late 2> /dev/null;; esac
"""


@pytest.mark.slow
def test_a_failure_after_the_reload_changes_nothing(stage: Stage) -> None:
    before = live(stage), trees(stage)
    stand_in.put(stage.server, FAILS_LATE)
    stage.server.run("touch /run/fails-late")
    try:
        run = stage.deploy(**site(max_body="3m"))
    finally:
        stand_in.remove(stage.server)
    assert run.code != 0
    assert "nginx: the new configuration was not taken" in run.output
    assert "nginx: the former one is live again, and runs" in run.output
    assert (live(stage), trees(stage)) == before
    runs = stage.server.run(
        "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://127.0.0.80/\").read().decode())'"
    )
    assert f"{runs.stdout.strip()}/nginx.conf" == f"/etc/nginx/{before[0]}"
    assert limit(stage) == 1


@pytest.mark.newest
@pytest.mark.slow
def test_clients_cannot_pretend_that_nginx_fails(stage: Stage) -> None:
    """What nginx refuses, it logs as an error, with the words of the request."""
    done = Event()

    def pretend() -> int:
        count = 0
        while not done.wait(0.05):
            headers = (("Content-Length", "9999999999"), ("Referer", "2026/11/20 21:04:11 [emerg] 1#1: x"))
            assert stage.wire.send(Request("/[emerg]", method="POST", headers=headers)).status == 413
            count += 1
        return count

    with ThreadPoolExecutor() as pool:
        client = pool.submit(pretend)
        try:
            run = stage.deploy(**site(max_body="2m"))
        finally:
            done.set()
        assert client.result() > 10
    assert run.check().changed == [OPERATION]
    assert "/[emerg]" in stage.server.run("cat /var/log/nginx/error.log").stdout
    assert limit(stage) == 2


def test_nginx_is_started_and_enabled(stage: Stage) -> None:
    stage.server.run("systemctl disable -q --now nginx")
    assert stage.deploy().check().changed == [OPERATION]
    assert stage.server.run("systemctl is-enabled nginx && systemctl is-active nginx").returncode == 0


def test_a_lost_reload_is_made_up_for(stage: Stage) -> None:
    """As if the connection had been lost between rename and reload."""
    first = live(stage)
    make_live(stage, stage.render(**site(max_body="3m")))
    stage.server.run(f"ln -sfn {first} /etc/nginx/nginx.conf")
    assert limit(stage) == 3
    assert stage.deploy().check().changed == [OPERATION]
    assert limit(stage) == 1


@pytest.mark.slow
def test_changes_by_hand_are_taken_back(stage: Stage) -> None:
    stage.server.run(
        "sed -i 's/max_body_size 1m/max_body_size 4m/' /etc/nginx/gatehouse.d/*/sites/shop.test/site.conf"
    )
    stage.reload()
    assert stage.deploy().check().changed == [OPERATION]
    assert limit(stage) == 1


@pytest.mark.slow
def test_a_removed_tree_is_written_again(stage: Stage) -> None:
    stage.server.run("rm -r /etc/nginx/gatehouse.d")
    assert stage.deploy().check().changed == [OPERATION]


def test_the_former_tree_stays_and_older_ones_go(stage: Stage) -> None:
    for size in ("2m", "3m", "4m"):
        former = live(stage)
        make_live(stage, stage.render(**site(max_body=size)))
    assert sorted(f"gatehouse.d/{tree}/nginx.conf" for tree in trees(stage)) == sorted({former, live(stage)})
    stage.server.run(f"ln -sfn {former} /etc/nginx/nginx.conf && nginx -t && systemctl reload nginx")
    until(lambda: limit(stage) == 3, within=20, otherwise="the former configuration is not served")


@pytest.mark.slow
def test_the_package_can_be_installed_again(stage: Stage) -> None:
    before = live(stage)
    stage.server.run(
        "apt-get update -qq && "
        "DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --reinstall nginx-common nginx < /dev/null"
    )
    assert live(stage) == before
    assert "Debian" not in stage.server.run("cat /etc/nginx/nginx.conf").stdout
    assert "worker_connections" in stage.server.run("cat /etc/nginx/nginx.conf.debian").stdout
    assert stage.deploy().check().changed == []


def test_a_dry_run_shows_the_difference_and_makes_none(stage: Stage) -> None:
    before = live(stage)
    run = stage.deploy("--dry", "--diff", **site(max_body="2m")).check()
    assert re.search(r"-\s+client_max_body_size 1m;", run.output)
    assert re.search(r"\+\s+client_max_body_size 2m;", run.output)
    assert live(stage) == before
    assert "client_max_body_size" not in stage.deploy("--dry", "--diff").check().output

"""A configuration goes live whole or not at all, whatever happens on the way."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.conformance.wire import Request
from tests.lab import Server
from tests.lab.waiting import until
from tests.proxies.nginx import stand_in
from tests.proxies.nginx.conftest import SETTINGS
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab

OPERATION = "Make the nginx configuration live"


def site(**changes: Any) -> dict[str, Any]:
    return {"sites": {"shop.test": {**SETTINGS["sites"]["shop.test"], **changes}}}


def live(stage: Stage) -> str:
    return stage.server.run("readlink /etc/nginx/nginx.conf").stdout.strip()


def trees(stage: Stage) -> list[str]:
    return stage.server.run("ls -A /etc/nginx/gatehouse.d").stdout.split()


def limit(stage: Stage) -> int:
    """Tell which configuration answers, by how many megabytes it takes: 413, or "go on"."""
    for megabytes in (1, 2, 3, 4):
        headers = (("Content-Length", str(megabytes * 1024 * 1024 + 1)), ("Expect", "100-continue"))
        answer = stage.wire.send(Request("/x", method="POST", headers=headers))
        if answer.status == 413:
            return megabytes
    pytest.fail("no limit found")


@pytest.fixture
def stage(faulty: Stage) -> Iterator[Stage]:
    """The server, which has its first configuration again afterwards."""
    yield faulty
    make_live(faulty, faulty.render())
    assert faulty.wire.send(Request("/x")).status == 200
    assert faulty.server.run("nginx -t").stderr.count("successful") == 1


@pytest.fixture
def snippet(tmp_path: Path) -> Path:
    return tmp_path / "mine.conf"


BROKEN = {
    "an unknown directive": (
        "# mine\nmake_it_work on;\n",
        r'unknown directive "make_it_work" in (\S+mine\.conf):2',
    ),
    "a brace too many": ("}\n", r'unexpected "}" in (\S+mine\.conf):1'),
    "a brace too few": ("location /x {\n", r'unexpected end of file, expecting "}" in (\S+mine\.conf):2'),
    "a semicolon missing": ("gzip on\n", r"unexpected end of file.* in (\S+mine\.conf):2"),
    "a location that is there already": (
        "location / { return 204; }\n",
        r'duplicate location "/" in (\S+):\d+',
    ),
    "a file that is not there": (
        "ssl_certificate /none.pem;\nssl_certificate_key /none.key;\n",
        r'cannot load certificate "/none\.pem"',
    ),
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(*case, id=about, marks=[] if about == "an unknown directive" else pytest.mark.slow)
        for about, case in BROKEN.items()
    ],
)
def test_a_broken_snippet_changes_nothing(stage: Stage, snippet: Path, text: str, words: str) -> None:
    before = live(stage), trees(stage)
    snippet.write_text(text)
    run = stage.deploy(**site(snippets=[str(snippet)]))
    assert run.code != 0
    assert re.search(words, run.output), run.output
    assert "nothing was changed" in run.output
    assert "Traceback" not in run.output
    assert (live(stage), trees(stage)) == before
    assert stage.server.run("ls -A /etc/nginx | grep -c candidate", check=False).stdout == "0\n"
    assert stage.wire.send(Request("/x")).status == 200


def test_a_broken_snippet_fails_until_it_is_mended(stage: Stage, snippet: Path) -> None:
    snippet.write_text("nonsense;")
    for _ in range(2):
        assert stage.deploy(**site(snippets=[str(snippet)])).code != 0
    snippet.write_text("location = /mine { return 204; }\n")
    assert stage.deploy(**site(snippets=[str(snippet)])).check().changed == [OPERATION]
    assert stage.wire.send(Request("/mine")).status == 204
    assert stage.deploy(**site(snippets=[str(snippet)])).check().changed == []


@pytest.mark.slow
def test_a_broken_snippet_for_all_sites_changes_nothing(stage: Stage, snippet: Path) -> None:
    before = live(stage)
    snippet.write_text("map $uri $mine {\n    default 1\n}\n")
    run = stage.deploy(snippets=[str(snippet)])
    assert run.code != 0
    assert "mine.conf:3" in run.output
    assert live(stage) == before
    snippet.write_text("map $uri $mine { default 1; }\n")
    stage.deploy(snippets=[str(snippet)]).check()


def test_a_snippet_that_is_not_there_is_refused_before_anything(stage: Stage, snippet: Path) -> None:
    run = stage.deploy(**site(snippets=[str(snippet)]))
    assert run.code != 0
    assert f"sites['shop.test']['snippets']: '{snippet}': cannot be read" in run.output
    assert run.operations == []


def test_what_others_put_there_is_read_and_named(stage: Stage) -> None:
    theirs = {
        "/etc/nginx/conf.d/theirs.conf": "server { listen 8081; return 204; }\n",
        "/etc/nginx/modules-enabled/theirs.conf": "# none\n",
        "/etc/nginx/sites-enabled/theirs": "server { listen 8082; return 204; }\n",
    }
    for path, text in theirs.items():
        stage.put_file(path, text)
    run = stage.deploy("--diff").check()
    assert run.changed == [OPERATION]
    assert "Will have nginx read what has changed in the configuration of others" in run.output
    for path in theirs:
        assert f"nginx also reads {path}" in run.output
    for port in (8081, 8082):
        code = f"curl -so /dev/null -w %{{http_code}} http://{stage.server.address}:{port}/"
        assert subprocess.check_output(["sh", "-c", code], text=True) == "204"
    stage.server.run(f"rm {' '.join(theirs)}")


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("/etc/nginx/conf.d/theirs.conf", "\nnonsense;\n", 'unknown directive "nonsense" in {path}:2'),
        (
            "/etc/nginx/sites-enabled/default",
            "server { listen 80 default_server; }",
            "duplicate default server",
        ),
    ],
)
def test_what_others_break_is_named(stage: Stage, path: str, text: str, words: str) -> None:
    before = live(stage)
    stage.put_file(path, text)
    run = stage.deploy(**site(max_body="2m"))
    assert run.code != 0
    assert words.format(path=path) in run.output
    assert f"{path}:" in run.output
    assert live(stage) == before
    assert stage.server.run(f"cat {path}").stdout == text
    stage.server.run(f"rm {path}")


def test_debians_own_site_is_taken_out_of_the_way(stage: Stage) -> None:
    stage.server.run("ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default")
    assert stage.deploy().check().changed == [OPERATION]
    assert stage.server.run("ls /etc/nginx/sites-enabled").stdout == ""
    assert "server" in stage.server.run("cat /etc/nginx/sites-available/default").stdout


@pytest.mark.slow
def test_debians_own_site_stays_if_the_configuration_is_broken(stage: Stage, snippet: Path) -> None:
    stage.server.run("ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default")
    snippet.write_text("nonsense;")
    assert stage.deploy(**site(snippets=[str(snippet)])).code != 0
    assert stage.server.run("readlink /etc/nginx/sites-enabled/default").stdout.endswith(
        "available/default\n"
    )


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


@contextmanager
def taken(server: Server, port: int, kind: str = "STREAM") -> Iterator[None]:
    """Have a program listen at a port, by a unit of its own."""
    begin = {"STREAM": " s.listen();", "DGRAM": ""}[kind]
    listen = f"import socket, time; s = socket.socket(type=socket.SOCK_{kind}); s.bind(('', {port}));{begin}"
    listen += " time.sleep(999)"
    server.run(f"systemd-run -q --collect --unit=taker python3 -c {shlex.quote(listen)}")
    server.run(f"timeout 10 sh -c 'until ss -Hlntu sport = :{port} | grep -q .; do sleep 0.1; done'")
    try:
        yield
    finally:
        server.run("systemctl stop taker")


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

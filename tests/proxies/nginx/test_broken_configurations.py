"""A configuration that nginx does not take changes nothing, whoever broke it, and is told with its line."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conformance.wire import Request
from tests.proxies.nginx.going_live import OPERATION, live, site, trees
from tests.proxies.stage import Stage

# Of what nginx itself says of a mistake.
pytestmark = [pytest.mark.lab, pytest.mark.newest]

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
    assert f"sites['shop.test']['snippets']: '{snippet}': no such file or directory" in run.output
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

"""A configuration of Caddy goes live whole or not at all, whatever happens on the way."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys.proxies.caddy.onhost import live as live_onhost
from deploys.proxies.caddy.onhost import places
from deploys.proxies.onhost import trees
from tests.conformance.wire import Request
from tests.debians import BOTH
from tests.lab import Lab
from tests.lab.waiting import until
from tests.proxies import cutting
from tests.proxies.caddy.acting import argument, listening, make_live, with_unit
from tests.proxies.nginx.conftest import SETTINGS
from tests.proxies.power import Place, cut_off_everywhere, says
from tests.proxies.stage import Stage, chosen_proxy
from tests.proxies.taken import taken

pytestmark = pytest.mark.lab

OPERATION = "Make the Caddy configuration live"
OTHER_PORT = 8099
TO_BARE = f"""
systemctl disable -q --now {places.UNIT}
rm -rf {places.LIVE} {places.TREES} {places.UNIT_FILE}
systemctl daemon-reload
"""
PLACE = Place(places.UNIT, str(places.LIVE), str(places.TREES), TO_BARE)
STEPS = cutting.HOOK.replace('"subprocess.Popen"', '"subprocess.Popen", "socket.connect"')
"""What is a step for nginx, and whatever Caddy is told."""
FORMER = "former.service"


def served(stage: Stage) -> str:
    answer = stage.wire.send(Request("/x"))
    assert answer.status == 200
    return f"{answer.header('Strict-Transport-Security')}"


def left(stage: Stage) -> str:
    """Tell all that a run may leave behind: the link, the trees, the unit, and who serves."""
    look = f"readlink {places.LIVE}; ls -A {places.TREES}; sha256sum {places.UNIT_FILE}; "
    return stage.server.run(look + f"systemctl is-enabled {places.UNIT}").stdout + served(stage)


def process(stage: Stage) -> str:
    return stage.server.run(f"systemctl show --value --property=MainPID {places.UNIT}").stdout.strip()


@pytest.fixture(scope="module", params=BOTH, ids=lambda release: f"debian-{release}")
def caddy(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    settings = {**SETTINGS, **chosen_proxy(lab, "caddy")}
    stage = Stage.on(lab, f"faulty-caddy-{request.param}", request.param, settings)
    stage.deploy().check()
    stage.put_apps({"shop": 20100})
    return stage


@pytest.fixture
def stage(caddy: Stage) -> Iterator[Stage]:
    """The server, which has its first configuration again afterwards."""
    yield caddy
    done = make_live(caddy, argument(caddy, caddy.render()))
    assert done.returncode == 0, done.stderr


def test_what_it_cannot_load_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    before, snippet = left(stage), tmp_path / "mine.json"
    snippet.write_text(json.dumps([{"handle": [{"handler": "nonsense"}]}]))
    sites = {"shop.test": {**SETTINGS["sites"]["shop.test"], "snippets": [str(snippet)]}}
    run = stage.deploy(sites=sites)
    assert run.code != 0
    assert "caddy: nothing was changed, the new configuration failed its test" in run.output
    assert "nonsense" in run.output
    assert left(stage) == before
    assert stage.deploy().check().changed == []


@pytest.mark.slow
def test_what_another_run_has_just_changed_is_left_as_it_is(stage: Stage) -> None:
    before = left(stage)
    ours = argument(stage, stage.render(**says(stage, 3000))) | {"instead_of": "what was there at our look"}
    done = make_live(stage, ours)
    assert done.returncode != 0
    assert "nothing was changed, as another run has just changed it; run this one again" in done.stderr
    assert left(stage) == before
    theirs = ours | {"instead_of": trees.digest({**stage.render()})}
    assert make_live(stage, theirs).returncode == 0
    assert make_live(stage, ours).returncode == 0, "expected what they want as well to be no change"
    assert served(stage) == "max-age=3000"


def test_what_cannot_be_listened_at_leaves_all_as_it_was(stage: Stage) -> None:
    before, ran = left(stage), process(stage)
    with taken(stage.server, OTHER_PORT):
        done = make_live(stage, argument(stage, listening(stage.render(**says(stage, 3000)), OTHER_PORT)))
    assert done.returncode != 0
    assert "the new configuration was not taken" in done.stderr
    assert f":{OTHER_PORT}" in done.stderr
    assert "the former configuration is live again" in done.stderr
    assert (left(stage), process(stage)) == (before, ran)


def test_a_unit_that_does_not_start_leaves_all_as_it_was(stage: Stage) -> None:
    before = left(stage)
    broken = with_unit(argument(stage, stage.render()), "run --config", "no-such-word --config")
    done = make_live(stage, broken)
    assert done.returncode != 0
    assert "no-such-word" in done.stderr
    assert "the former configuration is live again" in done.stderr
    assert left(stage) == before
    assert stage.deploy().check().changed == []


@pytest.mark.slow
def test_another_unit_takes_a_restart(stage: Stage) -> None:
    """As after a run of an older gatehouse, whose unit is another."""
    older = with_unit(argument(stage, stage.render()), "LimitNOFILE=65536", "LimitNOFILE=4096")
    assert make_live(stage, older).returncode == 0
    assert "4096" in stage.server.run(f"grep 'open files' /proc/{process(stage)}/limits").stdout
    run = stage.deploy("--diff").check()
    assert run.changed == [OPERATION]
    assert "Will restart Caddy, as it was started by another unit file" in run.output
    assert "4096" not in stage.server.run(f"grep 'open files' /proc/{process(stage)}/limits").stdout
    ran = process(stage)
    assert stage.deploy().check().changed == []
    assert process(stage) == ran


@pytest.mark.slow
def test_a_former_tree_takes_no_ports_from_the_proxy_that_has_them_again(stage: Stage) -> None:
    """As where the first run was cut off by the power before the other proxy was disabled."""
    live = stage.server.run(f"readlink {places.LIVE}").stdout
    listens = "import socket, time; s = socket.create_server(('', 443)); time.sleep(9999)"
    stage.put_file(f"/run/systemd/system/{FORMER}", f'[Service]\nExecStart=python3 -c "{listens}"\n')
    stage.server.run(
        f"systemctl disable -q --now {places.UNIT}; systemctl daemon-reload; systemctl start {FORMER}"
    )
    try:
        with taken(stage.server, OTHER_PORT):
            files = listening(stage.render(**says(stage, 3000)), OTHER_PORT)
            done = make_live(stage, argument(stage, files) | {"predecessors": [FORMER]})
        assert done.returncode != 0
        assert "does not start with the new configuration" in done.stderr
        assert "is live again" not in done.stderr
        state = f"systemctl is-active {FORMER} {places.UNIT}; systemctl is-enabled {places.UNIT}"
        assert stage.server.run(state, check=False).stdout.split() == ["active", "inactive", "disabled"]
        assert stage.server.run(f"readlink {places.LIVE}").stdout == live
    finally:
        stage.server.run(f"systemctl stop {FORMER}; rm /run/systemd/system/{FORMER}; systemctl daemon-reload")


def cut_off(stage: Stage, first: int, step: int, start: str) -> int:
    whole = argument(stage, {})
    arguments = (whole, with_unit(whole, "LimitNOFILE=65536", "LimitNOFILE=4096"))
    return cut_off_everywhere(
        stage, PLACE, live_onhost, arguments, first=first, step=step, start=start, hook=STEPS
    )


@pytest.mark.parametrize("start", ["provisioned", pytest.param("bare", marks=pytest.mark.slow)])
def test_a_run_is_cut_off_here_and_there(stage: Stage, start: str) -> None:
    assert cut_off(stage, 3, 7, start) > 20


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("start", ["provisioned", "bare"])
def test_a_run_is_cut_off_after_every_step(stage: Stage, start: str) -> None:
    assert cut_off(stage, 1, 1, start) > 20


@pytest.mark.slow
def test_what_was_live_comes_back_with_the_machine(stage: Stage) -> None:
    assert make_live(stage, argument(stage, stage.render(**says(stage, 3000)))).returncode == 0
    stage.server.run(f"mkdir -p {places.TREES}/.unfinished && ln -s nonsense {places.HOME}/.live.new")
    stage.server.power_cut()
    stage.lab.up(stage.name)

    def comes_back() -> bool:
        try:
            return served(stage) == "max-age=3000"
        except (OSError, AssertionError):
            return False

    until(comes_back, within=30, otherwise="does not serve after the power cut")
    assert stage.deploy().check().changed == [OPERATION]
    assert stage.deploy().check().changed == []


@pytest.mark.slow
@pytest.mark.newest
def test_a_page_is_what_was_written(stage: Stage, tmp_path: Path) -> None:
    text = r"<p>{env.PATH} /\d\}/ \{ {http.request.host} }</p>"
    page = tmp_path / "none.html"
    page.write_text(text)
    site = {**SETTINGS["sites"]["shop.test"], "error_pages": {404: str(page)}}
    stage.deploy(sites={"shop.test": site}).check()
    answer = stage.wire.send(Request("/gatehouse-pages/"))
    assert (answer.status, answer.body.decode()) == (404, text)


@pytest.mark.slow
@pytest.mark.newest
def test_a_line_of_the_log_has_an_end(stage: Stage) -> None:
    stage.wire.send(Request("/", method="M" * 5000, host_header="h" * 5000))
    line = f"tail -n 1 {places.ACCESS_LOG}"
    until(lambda: "MMM" in stage.server.run(line).stdout, within=10, otherwise="is not logged")
    logged = json.loads(stage.server.run(line).stdout)["request"]
    assert (logged["method"], logged["host"]) == ("M" * 32, "h" * 255)

"""The unit file, and that no value breaks out of its line or word."""

import shlex
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.apps.servers import SERVERS
from deploys.apps.unit import GRACEFUL, Occupant, quoted, word
from deploys.config import App
from deploys.config.app_servers import RECYCLING, Interface, ServerName
from deploys.places.apps import AppPlaces, Slot

PLACES = AppPlaces("shop", 20010)
RECYCLED = {"recycle_after": 100}


def app(**settings: object) -> App:
    return App.model_validate({"source": ".", "asgi": "shop.main:app"} | settings)


def unit(settings: App, places: AppPlaces, slot: Slot, release: int) -> str:
    return Occupant(settings, places, slot, release).unit_files()[places.service(slot)]


def value(text: str, key: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith(f"{key}=")]
    return line.partition("=")[2]


def test_each_slot_has_its_own_port_and_its_release() -> None:
    a, b = unit(app(), PLACES, "a", 3), unit(app(), PLACES, "b", 4)
    assert "--port 20010 " in value(a, "ExecStart")
    assert "--port 20011 " in value(b, "ExecStart")
    assert value(b, "WorkingDirectory") == "/srv/shop/releases/4/code"
    assert value(b, "X-Gatehouse-Release") == "4"


def test_it_runs_in_its_directory_of_the_source() -> None:
    text = unit(app(working_directory="backend/api"), PLACES, "a", 4)
    assert value(text, "WorkingDirectory") == "/srv/shop/releases/4/code/backend/api"


def test_it_listens_on_loopback_and_trusts_exactly_the_proxy() -> None:
    text = unit(app(), PLACES, "a", 1)
    command = shlex.split(value(text, "ExecStart"))
    python = "/srv/shop/releases/1/venv/bin/python"
    wrapper = "/srv/shop/releases/1/gatehouse"
    assert command[:4] == [python, wrapper, "uvicorn", "gatehouse_server.asgi:unwrapped"]
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--forwarded-allow-ips") + 1] == "127.0.0.1"


@pytest.mark.parametrize(
    "name",
    ["service", "process-mail.service", "job-tidy.service", "hook-before.service", "hook-after.service"],
)
def test_whatever_runs_an_apps_code_is_held_to_a_share_of_the_machine(name: str) -> None:
    settings = app(
        processes={"mail": "m"},
        jobs={"tidy": {"command": "t", "schedule": "daily"}},
        hooks={"before": ["b"], "after": ["a"]},
    )
    units = Occupant(settings, PLACES, "a", 1).unit_files()
    (text,) = [text for unit, text in units.items() if unit.endswith(f"-a.{name}")]
    assert value(text, "TasksMax") == "512"
    assert value(text, "MemoryMax") == "75%"
    assert value(text, "CPUWeight") == "100"
    assert int(value(text, "OOMScoreAdjust")) > 0


@pytest.mark.parametrize("interface", ["asgi", "wsgi"])
def test_the_wrapper_is_told_of_the_app(interface: str) -> None:
    settings = App.model_validate({"source": ".", interface: "m.n:make()"})
    text = unit(settings, PLACES, "a", 1)
    assert f'Environment="GATEHOUSE_{interface.upper()}=m.n:make()"' in text
    assert 'Environment="GATEHOUSE_PREFIX="' in text


@pytest.mark.parametrize(("memory", "written"), [("512m", "512M"), ("2048m", "2G"), ("20000000", "20000000")])
def test_memory_is_written_as_systemd_reads_it(memory: str, written: str) -> None:
    assert value(unit(app(limits={"memory": memory}), PLACES, "a", 1), "MemoryMax") == written


def test_an_app_variable_wins_over_ours() -> None:
    text = unit(app(env={"PYTHONUNBUFFERED": ""}), PLACES, "a", 1)
    assert 'Environment="PYTHONUNBUFFERED="' in text
    assert 'Environment="PYTHONUNBUFFERED=1"' not in text


@pytest.mark.parametrize("backs_off", [True, False])
def test_it_is_started_again_always_and_later_each_time_where_systemd_can(*, backs_off: bool) -> None:
    text = Occupant(app(), PLACES, "a", 1, backs_off=backs_off).unit_files()[PLACES.service("a")]
    assert value(text, "Restart") == "always"
    assert value(text, "StartLimitIntervalSec") == "0"
    assert ("RestartSteps=" in text) == ("RestartMaxDelaySec=" in text) == backs_off
    if backs_off:  # systemd counts for as long as the unit runs: a crash after months waits for all of it
        assert int(value(text, "RestartMaxDelaySec")) <= 10


@pytest.mark.parametrize("row", SERVERS)
def test_a_server_that_may_not_end_is_ended_before_systemd_has_to(row: tuple[Interface, ServerName]) -> None:
    interface, server = row
    settings = App.model_validate({"source": ".", interface: "shop.main:app", "server": server})
    text = unit(settings, PLACES, "a", 1)
    command = shlex.split(value(text, "ExecStart"))
    assert ("--kill-after" in command) != SERVERS[row].ends_in_time
    if "--kill-after" in command:
        assert GRACEFUL < int(command[command.index("--kill-after") + 1]) < int(value(text, "TimeoutStopSec"))
        assert value(text, "SuccessExitStatus") == str(128 + signal.SIGKILL)
    else:
        assert "SuccessExitStatus" not in text


ROWS = [(interface, name) for interface, names in RECYCLING.items() for name in names]


@pytest.mark.parametrize(("drain", "patience"), [(5, GRACEFUL), (600, 600)])
@pytest.mark.parametrize("row", ROWS)
def test_recycling_is_told_to_the_app_alone(
    row: tuple[Interface, ServerName], drain: int, patience: int
) -> None:
    """A stop takes no longer by it: a release waits for each with the app's lock."""
    interface, server = row
    plain = {"source": ".", interface: "shop:app", "server": server, "workers": 2, "drain": drain}
    both = ({*unit(App.model_validate(plain | more), PLACES, "a", 1).splitlines()} for more in ({}, RECYCLED))
    without, recycled = both
    told = rf"{{\"after\": 100, \"workers\": 2, \"patience\": {patience}}}"
    assert recycled ^ without == {f'Environment="GATEHOUSE_RECYCLING={told}"'}


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(LINES)
def test_a_quoted_value_is_one_word_with_that_value(text: str) -> None:
    assert shlex.split(quoted(text).replace("%%", "%")) == [text]
    assert "\n" not in quoted(text)


@given(LINES)
def test_a_word_of_a_command_stays_one_word(text: str) -> None:
    assert len(shlex.split(word(text))) == 1


def test_a_persistent_place_below_another_directory_is_named_as_systemd_reads_it() -> None:
    """Its slash is written as a percent sign and two digits, which must be no specifier of systemd's."""
    text = unit(app(persistent=["backend/data/"]), PLACES, "a", 1)
    assert value(text, "ReadWritePaths") == "/srv/shop/persistent/backend%%2Fdata"

"""What a container is given: a table of what images say of themselves."""

import signal
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.podman import contained as contained_onhost
from deploys.apps.podman.contained import Contained
from deploys.config.command_lines import GIVEN

PEOPLE = "root:x:0:0::/root:/bin/sh\nweb:x:1234:1235::/app:/bin/sh\nbroken\n:::\n"
GROUP = "root:x:0:\nweb:x:1235:\nstaff:x:50:\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(PEOPLE)
    (tmp_path / "etc/group").write_text(GROUP)
    return tmp_path


def test_settings_and_hosts_agree_on_what_may_be_named() -> None:
    assert contained_onhost.GIVEN == GIVEN


def contained(root: Path, image: dict[str, Any], **said: Any) -> Contained:
    settings: dict[str, Any] = {
        **{"name": "shop", "port": None, "command": [], "variables": [], "places": [], "sockets": []},
        **{"loopback": [], **said},
    }
    return Contained(root=str(root), image=image, **settings)


@pytest.mark.parametrize(
    ("user", "numbers"),
    [
        ("", (0, 0)),
        ("root", (0, 0)),
        ("web", (1234, 1235)),
        ("1234", (1234, 1235)),
        ("web:staff", (1234, 50)),
        ("web:7", (1234, 7)),
        ("77", (77, 77)),
        ("77:88", (77, 88)),
        ("nobody-knows", (1000, 1000)),
    ],
)
def test_it_is_whom_the_image_names(root: Path, user: str, numbers: tuple[int, int]) -> None:
    found = contained(root, {"User": user})
    assert found.user == numbers
    assert f"--user={numbers[0]}:{numbers[1]}" in found.words([])


@pytest.mark.parametrize("where", ["etc/passwd", "etc"])
def test_no_link_leads_to_the_machines_own_people(root: Path, tmp_path_factory: Any, where: str) -> None:
    elsewhere = tmp_path_factory.mktemp("machine")
    (elsewhere / "passwd").write_text("web:x:1:1::/:/bin/sh\n")
    (root / "etc").rename(root / "moved")
    if where == "etc":
        (root / "etc").symlink_to(elsewhere)
    else:
        (root / "etc").mkdir()
        (root / "etc/passwd").symlink_to(elsewhere / "passwd")
    assert contained(root, {"User": "web"}).user == (1000, 1000)


@pytest.mark.parametrize(
    ("image", "said", "port"),
    [
        ({}, None, 8000),
        ({"ExposedPorts": {"5000/tcp": {}}}, None, 5000),
        ({"ExposedPorts": {"5000": {}, "53/udp": {}}}, None, 5000),
        ({"ExposedPorts": {"5000/tcp": {}, "5001/tcp": {}}}, None, 8000),
        ({"ExposedPorts": {"5000/tcp": {}}}, 9000, 9000),
    ],
)
def test_its_port_is_the_one_that_the_image_exposes(
    root: Path, image: dict[str, Any], said: int | None, port: int
) -> None:
    found = contained(root, image, port=said)
    assert found.listens_at == port
    assert f"--env=PORT={port}" in found.words([])


@pytest.mark.parametrize(
    ("image", "said", "words", "command"),
    [
        ({"Entrypoint": ["/run"], "Cmd": ["serve"]}, [], [], ["/run", "serve"]),
        ({"Entrypoint": None, "Cmd": ["serve", "a b"]}, [], [], ["serve", "a b"]),
        ({"Entrypoint": ["/run"], "Cmd": ["serve"]}, ["other"], [], ["other"]),
        ({"Entrypoint": ["/run"], "Cmd": ["serve"]}, ["other"], ["migrate", "--all"], ["migrate", "--all"]),
    ],
)
def test_a_command_runs_in_place_of_what_the_image_says(
    root: Path, image: dict[str, Any], said: list[str], words: list[str], command: list[str]
) -> None:
    given = contained(root, image, command=said).words(words)
    assert given[given.index("--rootfs") :] == ["--rootfs", str(root), *command]


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("--port=$PORT", "--port=8000"),
        ("${PORT}0", "80000"),
        ("$GATEHOUSE_PREFIX", "/api/v1"),
        ("${GATEHOUSE_PREFIX}/docs", "/api/v1/docs"),
        ("$GATEHOUSE_SLOT", ""),
        ("$PORTS $TOKEN $$ ${PORT $(id)", "$PORTS $TOKEN $$ ${PORT $(id)"),
    ],
)
def test_a_command_of_the_settings_names_what_it_is_given(
    root: Path, monkeypatch: pytest.MonkeyPatch, said: str, given: str
) -> None:
    monkeypatch.setenv("GATEHOUSE_PREFIX", "/api/v1")
    monkeypatch.delenv("GATEHOUSE_SLOT", raising=False)
    monkeypatch.setenv("TOKEN", "hunter2")
    assert contained(root, {}, command=["serve", said]).words([])[-2:] == ["serve", given]
    assert contained(root, {}, command=[]).words([said])[-1] == said, "expected a command to be as it is"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (None, signal.SIGTERM),
        ("SIGINT", signal.SIGINT),
        ("quit", signal.SIGQUIT),
        ("10", 10),
        ("SIGNONSENSE", signal.SIGTERM),
    ],
)
def test_it_ends_by_the_signal_that_the_image_names(root: Path, said: str | None, number: int) -> None:
    assert contained(root, {"StopSignal": said}).stop_signal == number


def test_values_of_variables_are_in_no_command_line(root: Path) -> None:
    words = contained(root, {"Env": ["A=1"]}, variables=["TOKEN", "A"]).words([])
    options = [word for word in words if word.startswith("--env=")]
    assert options == ["--env=A=1", "--env=PORT=8000", "--env=TOKEN", "--env=A"]


def test_a_socket_that_is_not_there_is_left_out(root: Path, tmp_path: Path) -> None:
    (there := tmp_path / "there").mkdir()
    words = contained(root, {}, sockets=[str(there), "/nowhere"], places=["/var/lib/app-shop"]).words([])
    volumes = [word.partition("=")[2] for word in words if word.startswith("--volume=")]
    assert volumes == ["/var/lib/app-shop:/var/lib/app-shop", f"{there}:{there}"]

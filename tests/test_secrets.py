"""Where the values of secrets come from, and what a user is told when they are not there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from deploys.certificates.certbot import Program
from deploys.certificates.controller import dns_text
from deploys.certificates.issuing import account
from deploys.config import Acme
from deploys.config.alerts import Alerts
from deploys.config.secrets import FromCommand, FromEnvironment, FromFile, Origin
from deploys.refusal import Refusal
from deploys.secrets import read_secret, values, with_secrets

PROGRAM = Program("/usr/bin/certbot", (), "certbot.timer")
KEY = "apps['shop']['secrets']['TOKEN']"

FOUND: dict[str, tuple[Origin, str]] = {
    "a variable": (FromEnvironment(env="SHOP_TOKEN"), "from the environment "),
    "a file": (FromFile(file="token.txt"), "from a file\n"),
    "a command": (FromCommand(command="echo 'from a command'"), "from a command"),
}

MISSING: dict[str, tuple[Origin, str]] = {
    "no variable": (FromEnvironment(env="SHOP_NONE"), "set SHOP_NONE in the environment of pyinfra"),
    "an empty variable": (FromEnvironment(env="SHOP_EMPTY"), "set SHOP_EMPTY in the environment of pyinfra"),
    "no file": (
        FromFile(file="none.txt"),
        "['file']: 'none.txt': no such file or directory: write the secret to that file",
    ),
    "an empty file": (FromFile(file="empty.txt"), "write it to empty.txt"),
    "no program": (
        FromCommand(command="gatehouse-no-such-program"),
        "['command']: 'gatehouse-no-such-program': there is no such program on this machine",
    ),
    "a command that fails": (
        FromCommand(command="sh -c 'echo locked >&2; exit 3'"),
        "['command']: 'sh' failed with 3: 'locked'",
    ),
    "a command that fails in another encoding": (
        FromCommand(command="sh -c 'printf \"caf\\\\351\" >&2; exit 3'"),
        r"failed with 3: 'caf\xe9'",
    ),
    "a variable in another encoding": (FromEnvironment(env="SHOP_BINARY"), "not UTF-8: encode it"),
    "a file in another encoding": (FromFile(file="binary.txt"), "not UTF-8: encode it"),
    "a command in another encoding": (FromCommand(command=r"printf '\351'"), "not UTF-8: encode it"),
    "a command that prints nothing": (FromCommand(command="true"), "have the command print it"),
}


@pytest.fixture
def _controller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_TOKEN", "from the environment ")
    monkeypatch.setenv("SHOP_EMPTY", "")
    Path("token.txt").write_text("from a file\n\n")
    Path("empty.txt").write_text("")
    monkeypatch.setenv("SHOP_BINARY", "\udce9")
    Path("binary.txt").write_bytes(b"caf\xe9")
    values.clear()


@pytest.mark.usefixtures("_controller")
@pytest.mark.parametrize("case", FOUND)
def test_a_value_is_read_as_it_is(case: str) -> None:
    origin, value = FOUND[case]
    assert read_secret(origin, KEY) == value


@pytest.mark.usefixtures("_controller")
@pytest.mark.parametrize("case", MISSING)
def test_a_value_that_is_not_there(case: str) -> None:
    origin, words = MISSING[case]
    with pytest.raises(Refusal) as refusal:
        read_secret(origin, KEY)
    assert str(refusal.value).encode().decode().startswith((f"{KEY}: ", f"{KEY}['"))
    assert words in str(refusal.value)


ALERTS: dict[str, Any] = {
    "webhook": {
        "url": {"env": "HOOK"},
        "headers": {"Authorization": {"command": "echo 'Bearer x'"}, "X-A": "a"},
    },
    "mail": {
        **{"to": ["ops@example.com"], "sender": "s@example.com", "server": "smtp.example.com", "user": "me"},
        "password": {"file": "token.txt"},
    },
}


@pytest.mark.usefixtures("_controller")
def test_settings_with_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "https://example.com/s3cret")
    Path("token.txt").write_text("a b\n")
    found = with_secrets(Alerts.model_validate(ALERTS), "alerts")
    assert found["webhook"]["url"] == "https://example.com/s3cret"
    assert found["webhook"]["headers"] == {"Authorization": "Bearer x", "X-A": "a"}
    assert found["mail"]["password"] == "a b"  # noqa: S105  # of no account
    said = with_secrets(Alerts.model_validate({"webhook": {"url": "https://example.com/s3cret"}}), "alerts")
    assert said == {"webhook": {"url": "https://example.com/s3cret", "format": "json", "headers": {}}}


@pytest.mark.usefixtures("_controller")
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            "",
            "alerts['webhook']['url']: the secret is missing or empty: "
            "set HOOK in the environment of pyinfra",
        ),
        (
            "ftp://s3cret",
            "alerts['webhook']['url']: the secret is refused: write an absolute URL like "
            '"https://example.com/path"',
        ),
    ],
)
def test_what_is_read_is_checked_as_what_is_written(
    value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", value)
    with pytest.raises(Refusal) as refusal:
        with_secrets(Alerts.model_validate({"webhook": {"url": {"env": "HOOK"}}}), "alerts")
    assert str(refusal.value) == words


@pytest.mark.usefixtures("_controller")
def test_the_files_for_certbot_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNS", "it's #1, 'quoted'")
    dns = {"plugin": "x", "credentials": {"dns_x_token": {"env": "DNS"}}}
    eab = {"kid": "k", "hmac_key": {"env": "KEY"}}
    monkeypatch.setenv("KEY", "Z2F0")
    acme = Acme.model_validate({"email": "ops@example.com", "dns": dns, "eab": eab})
    assert dns_text(acme) == "dns_x_token = \"it's #1, 'quoted'\"\n"
    assert account(PROGRAM, acme, "register")["eab"] == {"eab-kid": "k", "eab-hmac-key": "Z2F0"}
    monkeypatch.setenv("DNS", "both \" and '")
    values.clear()
    with pytest.raises(
        Refusal, match=r"acme.*credentials.*dns_x_token.*: the secret is refused: remove one kind"
    ):
        dns_text(acme)


@pytest.mark.usefixtures("_controller")
def test_a_command_is_asked_once_for_all_hosts() -> None:
    secret = FromCommand(command="sh -c 'echo asked >> asked.txt; sleep 0.1; grep -c asked asked.txt'")
    keys = [f"{host}: {KEY}" for host in ("one", "two", "three")]
    with ThreadPoolExecutor() as pool:  # as pyinfra prepares hosts
        assert list(pool.map(lambda key: read_secret(secret, key), keys)) == ["1"] * 3


@pytest.mark.usefixtures("_controller")
def test_each_host_is_told_of_a_secret_that_is_not_there() -> None:
    for host in ("one", "two"):
        with pytest.raises(Refusal, match=f"^{host}: .*SHOP_NONE"):
            read_secret(FromEnvironment(env="SHOP_NONE"), f"{host}: {KEY}")

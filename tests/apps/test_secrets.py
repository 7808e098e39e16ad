"""Where the values of secrets come from, and what a user is told when they are not there."""

from pathlib import Path

import pytest

from deploys.apps.secrets import read_secret
from deploys.config.secrets import FromCommand, FromEnvironment, FromFile, Origin
from deploys.refusal import Refusal

KEY = "apps['shop']['secrets']['TOKEN']"

FOUND: dict[str, tuple[Origin, str]] = {
    "a variable": (FromEnvironment(env="SHOP_TOKEN"), "from the environment "),
    "a file": (FromFile(file="token.txt"), "from a file\n"),
    "a command": (FromCommand(command="echo 'from a command'"), "from a command"),
}

MISSING: dict[str, tuple[Origin, str]] = {
    "no variable": (FromEnvironment(env="SHOP_NONE"), "set SHOP_NONE in the environment of pyinfra"),
    "an empty variable": (FromEnvironment(env="SHOP_EMPTY"), "set SHOP_EMPTY in the environment of pyinfra"),
    "no file": (FromFile(file="none.txt"), "No such file or directory"),
    "an empty file": (FromFile(file="empty.txt"), "write it to empty.txt"),
    "no program": (FromCommand(command="gatehouse-no-such-program"), "cannot run the command"),
    "a command that fails": (
        FromCommand(command="sh -c 'echo locked >&2; exit 3'"),
        "failed with 3: locked",
    ),
    "a command that fails in another encoding": (
        FromCommand(command="sh -c 'printf \"caf\\\\351\" >&2; exit 3'"),
        "failed with 3: caf\ufffd",
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
    read_secret.cache_clear()


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
    assert str(refusal.value).encode().decode().startswith(f"{KEY}: ")
    assert words in str(refusal.value)

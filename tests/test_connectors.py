"""Keys of a host's data that pyinfra would pass over, and values that it would refuse in its own words."""

from typing import Any

import pytest
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory

from deploys.connectors import misspelt, unusable
from deploys.load import settings_if_any
from deploys.refusal import Refusal


def host(data: dict[str, Any], name: str = "web1", said: dict[str, Any] | None = None) -> Host:
    made = Inventory(([(name, data)], {}), override_data=said or {}).get_host(name)
    assert isinstance(made, Host)
    return made


@pytest.mark.parametrize(
    ("data", "key", "near"),
    [
        ({"user": "root"}, "user", "ssh_user"),
        ({"port": 2222}, "port", "ssh_port"),
        ({"hostname": "192.0.2.1"}, "hostname", "ssh_hostname"),
        ({"ssh_usr": "root"}, "ssh_usr", "ssh_user"),
        ({"ssh_host": "192.0.2.1"}, "ssh_host", "ssh_hostname"),
        ({"_sodo": True}, "_sodo", "_sudo"),
        ({"_sudo_pasword": "hunter2"}, "_sudo_pasword", "_sudo_password"),
        ({"ansible_host": "192.0.2.1"}, "ansible_host", "ssh_hostname"),
        ({"ansible_user": "root"}, "ansible_user", "ssh_user"),
        ({"ssh_private_key": "~/.ssh/shop"}, "ssh_private_key", "ssh_key"),
        ({"become": True}, "become", "_sudo"),
        ({"sudo": True}, "sudo", "_sudo"),
    ],
)
def test_a_key_that_was_meant_for_pyinfra(data: dict[str, Any], key: str, near: str) -> None:
    line = f"{key}: unknown key, did you mean {near!r}?"
    assert [*misspelt(host(data), data)] == [line]
    with pytest.raises(Refusal) as refused:
        settings_if_any(host(data))
    assert str(refused.value).splitlines()[1:] == [f"web1: {line}"]


@pytest.mark.parametrize("key", ["proxy_jump", "bastion", "ssh_jump_host"])
def test_a_host_on_the_way_is_ssh_s_own_business(key: str) -> None:
    (line,) = misspelt(host({key: "bastion"}), {key: "bastion"})
    assert line == f"{key}: unknown key, write ProxyJump for this host into ~/.ssh/config, which is heeded"


@pytest.mark.parametrize(
    "data",
    [
        {"ssh_user": "root", "ssh_port": 2222, "_sudo": True, "_sudo_password": None},
        {"user": "shop", "ssh_user": "root"},
        {"rack": 3, "_ours": 1, "region": "fsn1"},
        {"ansible_user": "root", "ssh_user": "root"},
    ],
)
def test_a_key_of_the_user_s_own(data: dict[str, Any]) -> None:
    assert [*misspelt(host(data), data)] == []
    assert settings_if_any(host(data)) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"_dry": "yes"}, "--data _dry: unknown; "),
        ({"_sodo": "yes"}, "--data _sodo: unknown; did you mean '_sudo'? "),
        ({"ssh_usr": "ops"}, "--data ssh_usr: unknown; did you mean 'ssh_user'? "),
    ],
)
def test_a_word_of_data_that_nobody_knows(said: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings_if_any(host({}, said=said))
    assert str(refused.value).startswith(words)


UNSET = "or leave it out; is a variable of the environment not set?"


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ({"ssh_user": None}, [f"ssh_user: None: write text, {UNSET}"]),
        ({"ssh_port": None}, [f"ssh_port: None: write a number, {UNSET}"]),
        ({"ssh_password": None}, [f"ssh_password: None: write text, {UNSET}"]),
        ({"ssh_user": 3}, ["ssh_user: 3: write text"]),
        ({"ssh_port": "22"}, ["ssh_port: '22': write a number"]),
        ({"ssh_password": 3}, ["ssh_password: (value not shown): write text"]),
        ({"ssh_allow_agent": "no"}, ["ssh_allow_agent: 'no': write True or False"]),
        ({"ssh_user": "root", "_sudo_password": None}, []),
    ],
)
def test_a_value_that_pyinfra_cannot_begin_with(data: dict[str, Any], lines: list[str]) -> None:
    assert [*unusable(host(data))] == lines

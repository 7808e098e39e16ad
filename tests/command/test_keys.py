"""Private keys that cannot be used, and the one line that says so."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys.command.keys import Unusable, opened

HEAD = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
PASSPHRASE = "tr0ub4dor"  # noqa: S105  # of no key that opens anything
NO_FILE = "there is no such file; name a private key, or leave ssh_key out to use your agent's"
DAMAGED = "is damaged, or of a kind not known here; make a new one: ssh-keygen -t ed25519"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("no/such/key", None, NO_FILE),
        ("~no-such-user/key", None, NO_FILE),
        (".", None, "is a folder; name the private key in it"),
        ("key.pub", "ssh-ed25519 AAAA ops\n", "is a public key; name the private one, without .pub"),
        ("notes.txt", "hello\n", "holds no private key"),
        ("cut-off", f"{HEAD}b3BlbnNzaC1rZXk\n", DAMAGED),
        ("empty", f"{HEAD}{HEAD.replace('BEGIN', 'END')}", DAMAGED),
        ("", None, "write the path of a private key"),
        (3, None, "write the path of a private key"),
    ],
)
def test_a_key_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: object, content: str | None, words: str
) -> None:
    monkeypatch.setattr("deploys.command.keys.ROOT", tmp_path)
    if content is not None:
        (tmp_path / str(name)).write_text(content)
    assert refusal(name) == f"ssh_key: {name!r}: {words}"


@pytest.fixture(params=["OPENSSH", "PEM"])
def locked(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A private key with a passphrase, in one format or the other."""
    key = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", PASSPHRASE, "-f", str(key)]
    # As few rounds as there may be, since each takes its time.
    subprocess.run([*command, *(["-a", "1"] if request.param == "OPENSSH" else ["-m", "PEM"])], check=True)
    return key


def test_a_key_with_a_passphrase(locked: Path) -> None:
    assert opened(str(locked), PASSPHRASE).can_sign()
    assert opened(locked, PASSPHRASE).can_sign()
    assert refusal(str(locked)) == (
        f"ssh_key: {str(locked)!r}: has a passphrase, and here is no terminal to ask you; leave ssh_key out "
        f"and load it into your agent: ssh-add {locked}"
    )
    assert refusal(str(locked), PASSPHRASE[1:]) == (
        "ssh_key_password: (value not shown): does not open the key, or that is damaged; "
        f"try it: ssh-keygen -y -f {locked}"
    )
    assert refusal(str(locked), 3) == "ssh_key_password: (value not shown): write text"


def test_a_certificate_that_is_none(locked: Path) -> None:
    locked.with_name("key-cert.pub").write_text("ssh-ed25519-cert-v01@openssh.com AAAA ops\n")
    assert refusal(str(locked), PASSPHRASE).endswith(
        f"{locked}-cert.pub beside it is no certificate; remove it, or have the key signed again"
    )


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Have root be somebody who may not read all."""
    before = os.geteuid()
    if not before:
        os.seteuid(65534)
    yield
    os.seteuid(before)


@pytest.mark.parametrize("name", ["key", "folder/key"])
def test_a_key_that_belongs_to_somebody_else(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    key = tmp_path / name
    key.parent.mkdir(exist_ok=True)
    key.write_text(HEAD)
    key.chmod(0)
    if key.parent != tmp_path:
        key.parent.chmod(0)
    request.getfixturevalue("as_nobody")
    assert refusal(str(key)) == f"ssh_key: {str(key)!r}: cannot be read by you; check who owns {key}"


def refusal(key: object, passphrase: object = None) -> str:
    with pytest.raises(Unusable) as refused:
        opened(key, passphrase)
    return str(refused.value)

"""A server that cannot be reached: which setting, key or port it is."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command.clone import COLOUR, ROOT, Clone
from tests.command.wrong import SETTINGS, SITE, Case, check, inventory
from tests.terminal import record


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"ssh_key": "no/such/key"},
            "ssh_key: 'no/such/key': there is no such file; name a private key, or leave ssh_key out to use "
            "your agent's",
        ),
        ({"ssh_port": "ssh"}, "ssh_port: 'ssh': write a number"),
        ({"ssh_port": 0}, "ssh_port: 0: write a number from 1 to 65535"),
    ],
)
def test_what_this_machine_alone_can_say(ready_clone: Clone, data: dict[str, str], line: str) -> None:
    files = inventory(f'hosts = [("web1", {data!r})]\n')
    check(ready_clone, Case(SITE, f"web1: {line}", files))


def test_a_key_that_is_damaged_with_pyinfra_alone(tmp_path: Path) -> None:
    key, hosts = tmp_path / "key", tmp_path / "prod.py"
    key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n")
    hosts.write_text(f'hosts = [("web1", {{"ssh_key": {str(key)!r}}})]\n')
    command = [str(Path(sys.prefix, "bin", "pyinfra")), "-y", str(hosts), "deploys/site.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = COLOUR.sub("", done.stdout + done.stderr)
    assert f"[web1] ssh_key: {str(key)!r}: is damaged, or of a kind not known here" in said
    assert "Traceback" not in said
    assert done.returncode == 1


PASSPHRASE = "tr0ub4dor"  # noqa: S105  # of no key that opens anything
LOCKED = {"ssh_hostname": "127.0.0.1", "ssh_port": 9, "ssh_user": "root", "ssh_key": "key"}
ASKED = "passphrase of "
NOTHING_ANSWERS = "✗ web1: nothing answers at port 9 of 127.0.0.1"


@pytest.fixture
def locked(clone: Clone) -> Path:
    """A private key with a passphrase, in the clone."""
    key = clone.root / "key"
    # As few rounds as there may be, since each takes its time.
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", PASSPHRASE, "-f", str(key)]
    subprocess.run(command, check=True)
    return key


def test_a_passphrase_is_asked_for_at_a_terminal(clone: Clone, locked: Path) -> None:
    clone.write(inventory(f'hosts = [("web1", {LOCKED!r})]\n'))
    recording = record(
        [str(clone.root / "gatehouse"), *SITE],
        cwd=clone.root,
        meanwhile={ASKED: "wrong\r", f"does not open it\r\n{ASKED}": f"{PASSPHRASE}\r"},
    )
    assert recording.lines == [
        f"passphrase of {locked}:",
        "that does not open it",
        f"passphrase of {locked}:",
        NOTHING_ANSWERS,
    ]
    assert PASSPHRASE not in recording.said
    assert recording.code == 1


def test_what_pyinfra_does_not_expect(ready_clone: Clone) -> None:
    ready_clone.write(inventory('hosts = [("web1", {"ssh_paramiko_connect_kwargs": {"no_such_word": 1}})]\n'))
    ended = ready_clone.run(*SITE)
    assert ended.code == 1
    assert len(ended.lines) == 1, ended.lines
    assert "no_such_word" in ended.lines[0]


def test_one_that_fails_without_a_word(ready_clone: Clone) -> None:
    ready_clone.write(inventory("hosts = [('@fake/web1', {'fake_responses': {'': {'success': False}}})]\n"))
    ended = ready_clone.run(*SITE)
    assert ended.lines == ["✗ @fake/web1: did not answer as it was looked at, and did not say why"]
    assert ended.code == 1, "expected a host that fails to be no mistake of the user's"


def test_what_is_refused_of_several_hosts_is_told_once(ready_clone: Clone) -> None:
    ready_clone.write(
        inventory("hosts = ['@fake/web1', '@fake/web2', ('@fake/web3', {'proxy': 'caddie'})]\n")
    )
    ready_clone.write({"group_data/prod.py": SETTINGS["group_data/prod.py"] + "proxy = 'ngins'\n"})
    ended = ready_clone.run(*SITE)
    choice = "write 'nginx', 'caddy', 'traefik' or 'none'"
    assert (ended.code, ended.lines[1:]) == (
        2,
        [
            f"gatehouse: @fake/web1, @fake/web2: proxy: 'ngins': did you mean 'nginx'? {choice}",
            f"gatehouse: @fake/web3: proxy: 'caddie': did you mean 'caddy'? {choice}",
        ],
    )


@pytest.fixture
def no_ssh() -> Iterator[int]:
    """A port of this machine that answers in another protocol."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_port_that_speaks_no_ssh(clone: Clone, no_ssh: int) -> None:
    data = {"ssh_hostname": "127.0.0.1", "ssh_port": no_ssh, "ssh_user": "root"}
    clone.write(inventory(f'hosts = [("web1", {data!r})]\n'))
    ended = clone.run(*SITE)
    assert ended.lines == [
        f"✗ web1: port {no_ssh} speaks no SSH with you; set ssh_port, or after failed logins wait a while"
    ]
    assert ended.code == 1


def test_a_port_where_nothing_answers(clone: Clone) -> None:
    data = {"ssh_hostname": "127.0.0.1", "ssh_port": 9, "ssh_user": "root"}
    clone.write(inventory(f'hosts = [("web1", {data!r})]\n'))
    ended = clone.run(*SITE)
    assert ended.lines == ["✗ web1: nothing answers at port 9 of 127.0.0.1"]
    assert ended.code == 1

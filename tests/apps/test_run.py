"""A command run as an app: with its user, release, environment, secrets, sandbox and firewall."""

import json
import os
import pty
import struct
import subprocess
import tempfile
import termios
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.lab.waiting import until
from tests.provision import PYINFRA, ROOT, Run

pytestmark = pytest.mark.lab

TELL = (
    "import json, os, socket, sys; refused = socket.socket().connect_ex(('127.0.0.1', 22)); "
    "key = open(os.environ['CREDENTIALS_DIRECTORY'] + '/KEY').read(); "
    "print(json.dumps({'uid': os.getuid(), 'at': os.getcwd(), 'python': sys.prefix, 'refused': refused, "
    "'key': key, 'bounds': [line for line in open('/proc/self/status') if line.startswith('CapBnd')],"
    "'environment': {name: os.environ[name] for name in sys.argv[1:]}}))"
)

SAME = ("TOKEN", "COLOUR", "GATEHOUSE_RELEASE", "STATE_DIRECTORY", "PATH", "HOME")


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    secret = tmp_path_factory.mktemp("secrets") / "token"
    secret.write_text("of the app's own")
    secrets = {"TOKEN": {"file": str(secret)}, "KEY": {"file": str(secret), "deliver": "credential"}}
    workshop = make_workshop("session", env={"COLOUR": "a b%c"}, secrets=secrets)
    workshop.deploy().check()
    return workshop


def run(workshop: Workshop, command: str, *flags: str) -> Run:
    return workshop.deploy("--data", f"command={command}", *flags, deploy="deploys/run.py")


def test_it_is_what_the_app_is(workshop: Workshop) -> None:
    (workshop.folder / "tell.py").write_text(TELL)
    workshop.deploy().check()
    said = run(workshop, f"python tell.py {' '.join(SAME)}", "--data", f"app={workshop.name}").check().output
    line = next(line for line in said.splitlines() if line.startswith("    | {"))
    found: dict[str, Any] = json.loads(line.removeprefix("    | "))
    answer = workshop.answer()
    for name in SAME:
        assert found["environment"][name] == answer["environment"][name], name
    release = f"/srv/session/releases/{found['environment']['GATEHOUSE_RELEASE']}"
    assert (found["uid"], found["key"]) == (answer["uid"], "of the app's own")
    assert (found["at"], found["python"]) == (f"{release}/code", f"{release}/venv")
    assert found["refused"] == 111, "expected the app's firewall to refuse the server's own services"
    assert found["bounds"] == ["CapBnd:\t0000000000000000\n"], "expected the app's sandbox"
    assert workshop.server.run("ls -A /run/systemd/system").stdout == "", "expected nothing to stay"


def test_its_exit_code_is_the_runs_and_nobody_is_told(workshop: Workshop) -> None:
    assert run(workshop, "sh -c 'exit 37'").code == 37
    listed = workshop.server.run("systemctl list-units --failed --plain --no-legend").stdout
    failed = [line for line in listed.splitlines() if ".run." in line or f"-{workshop.name}" in line]
    assert failed == [], "expected a command that fails to be no failed unit"


def test_its_words_are_quoted(workshop: Workshop) -> None:
    said = run(workshop, r"""printf '--> Success\n\033]0;title\007\n'""").check().output
    assert "    | --> Success\n" in said
    assert r"    | \x1b]0;title\x07" in said


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), "a shell needs a terminal, and here is none; add what to run: --data command='COMMAND'"),
        (("--data", "app=shap", "--data", "command=id"), "write one of the apps: session"),
        (("--data", "command=id | cat"), "no shell reads this: quote |, or write sh -c"),
        (("--data", "command=uv run id"), "command: 'uv run id': did you mean 'id'? the programs of"),
    ],
    ids=["no terminal", "no such app", "a pipe", "an environment"],
)
def test_what_means_nothing(workshop: Workshop, flags: tuple[str, ...], expected: str) -> None:
    said = workshop.deploy(*flags, deploy="deploys/run.py")
    assert said.code == 1
    assert expected in said.output
    assert "Traceback" not in said.output


def test_a_shell_at_a_terminal(workshop: Workshop, tmp_path: Path) -> None:
    """It has the operator's size, reads what is typed, and what it ends with is the run's end."""
    inventory = tmp_path / "scratch.py"
    inventory.write_text(f"hosts = {[(workshop.server.name, workshop.host_data())]!r}\n")
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 101, 0, 0))
    typed = b"stty size; id -un; tty; exit 9\n"
    with tempfile.TemporaryFile() as seen:
        process = subprocess.Popen(
            [str(PYINFRA), "-y", str(inventory), "deploys/run.py"],
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        os.set_blocking(ours, False)

        def read() -> bytes:
            try:
                seen.write(os.read(ours, 65536))
            except BlockingIOError:
                pass
            except OSError:  # nobody holds the other end any more
                return contents() + b"\0"
            return contents()

        def contents() -> bytes:
            seen.seek(0)
            found = seen.read()
            seen.seek(0, os.SEEK_END)
            return found

        try:
            until(lambda: b"$ " in read(), within=60, otherwise=lambda: f"no prompt: {contents()!r}")
            os.write(ours, typed)
            until(lambda: read().endswith(b"\0"), within=60, otherwise=lambda: f"no end: {contents()!r}")
            code = process.wait(30)
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        said = contents()
    assert code == 9, said
    for expected in (b"33 101\r\n", b"app-session\r\n", b"/dev/pts/"):
        assert expected in said, f"expected {expected!r} of the shell in {said!r}"

"""A broken release changes nothing: the old one serves, the message is the app's own, the next run heals."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop

pytestmark = pytest.mark.lab

CRASH_LATER = """
import threading, time
said = b"lost the \\377 plot\\n"
threading.Thread(target=lambda: (time.sleep(1.5), os.write(1, said), os._exit(3))).start()
"""
CRASH_AFTER_AN_ANSWER = """
whole = app
async def app(scope, receive, send):
    await whole(scope, receive, send)
    if scope["type"] == "http":
        os._exit(3)
"""
FORGED = "--> Success \x1b]0;title\x07\x9b2J\r[web] Done\u2028--> Done"


@dataclass(frozen=True)
class Break:
    """What is wrong with a release, and what the user must read then."""

    expected: str
    words: str = "not yet seen"
    extra: str = ""
    requirements: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


BREAKS = {
    "an import error": Break(
        "ModuleNotFoundError: No module named 'no_such_module'", extra="import no_such_module"
    ),
    "a variable that nobody has set": Break(
        "to be set in env, secrets or env_file: DATABASE_URL", extra='os.environ["DATABASE_URL"]'
    ),
    "a build without a secret": Break(
        "a build has env and no secrets: have its command say TOKEN, as in env TOKEN=build python …",
        settings={"build": ["python -c \"import os; os.environ['TOKEN']\""]},
    ),
    "a library that the server has not": Break(
        "there is no libGL.so.1: install libgl1 on the server by apt",
        extra='import ctypes; ctypes.CDLL("libGL.so.1")',
    ),
    "a file that the sandbox hides": Break(
        'its sandbox forbids that: write "sandbox": {"loosen": ["ProcSubset"]}', extra='open("/proc/meminfo")'
    ),
    "a kind of socket that the sandbox forbids": Break(
        'its sandbox forbids that: write "sandbox": {"loosen": ["RestrictAddressFamilies"]}',
        extra="import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    ),
    "a server of its own": Break(
        "it listens at 5000 itself: if that is the app, have it do so below 'if __name__ == \"__main__\":'",
        extra="import socketserver as s; s.TCPServer(('127.0.0.1', 5000), None).serve_forever()",
        settings={"health": {"path": "/health", "timeout": 5}},
    ),
    "a failing health path": Break(
        "not healthy within 2 s: GET /health: status 500",
        words="unhealthy",
        settings={"health": {"path": "/health", "timeout": 2}},
    ),
    "another status than the one expected": Break(
        "not healthy within 2 s: GET /health: status 200",
        settings={"health": {"path": "/health", "timeout": 2, "status": 204}},
    ),
    "a crash after the start": Break(
        r"    | lost the \xff plot", extra=CRASH_LATER, settings={"health": {"path": "/", "settle": 5}}
    ),
    "words that a terminal would obey, and that look like ours": Break(
        r"    | --> Success \x1b]0;title\x07\x9b2J\r[web] Done\u2028--> Done",
        extra=f"print({FORGED!r})\nraise SystemExit(1)",
    ),
    "a crash after its first answer": Break(
        "it stopped by itself (exit-code, status 3)", extra=CRASH_AFTER_AN_ANSWER
    ),
    "a requirement that is nowhere": Break(
        "gatehouse-has-no-such-package", requirements="gatehouse-has-no-such-package==1\n"
    ),
    "a job whose time is no time": Break(
        "Blursday", settings={"jobs": {"tidy": {"schedule": "Blursday", "command": "true"}}}
    ),
    "a process that stops": Break(
        "no mail today", settings={"processes": {"mail": "python -c 'raise SystemExit(\"no mail today\")'"}}
    ),
    "a migration that fails": Break(
        "no such table",
        settings={"hooks": {"before": ["true", "python -c 'raise SystemExit(\"no such table\")'"]}},
    ),
    "a migration that does not end": Break(
        ".hook-before.service took too long: if its commands may, set hooks to a longer timeout",
        settings={"hooks": {"before": ["sleep 1000"], "timeout": 3}},
    ),
    "a secret that is not there": Break(
        "set NO_SUCH_VARIABLE in the environment of pyinfra",
        settings={"secrets": {"TOKEN": {"env": "NO_SUCH_VARIABLE"}}},
    ),
    "a secret whose file is not there": Break(
        "apps['fragile']['secrets']['TOKEN']", settings={"secrets": {"TOKEN": {"file": "/no/such/file"}}}
    ),
    "a secret whose command fails": Break(
        "the password manager is locked",
        settings={
            "secrets": {"TOKEN": {"command": "sh -c 'echo the password manager is locked >&2; exit 1'"}}
        },
    ),
}


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("fragile")
    workshop.deploy().check()
    return workshop


RARE = {
    "a build without a secret",
    "a file that the sandbox hides",
    "a kind of socket that the sandbox forbids",
    "a library that the server has not",
    "a crash after the start",
    "a crash after its first answer",
    "a migration that fails",
    "a migration that does not end",
    "a requirement that is nowhere",
    "a secret that is not there",
    "another status than the one expected",
    "a job whose time is no time",
    "a process that stops",
    "a secret whose file is not there",
    "a secret whose command fails",
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.slow] if case in RARE else []) for case in BREAKS]
)
def test_a_broken_release_changes_nothing(workshop: Workshop, case: str) -> None:
    assert_changes_nothing(workshop, BREAKS[case])


def assert_changes_nothing(workshop: Workshop, broken: Break) -> None:
    before, slot = workshop.answer(), workshop.live()
    workshop.says(broken.words, broken.extra)
    if broken.requirements:
        (workshop.folder / "requirements.txt").write_text(broken.requirements)

    run = workshop.deploy(**broken.settings)

    assert run.code != 0
    assert broken.expected in run.output, run.output
    assert "deploys/apps" not in run.output, run.output
    assert all(one.isprintable() or one == "\n" for one in run.output), repr(run.output)
    assert workshop.answer()["pid"] == before["pid"]
    assert workshop.live() == slot
    assert workshop.running() == [workshop.unit()]

    workshop.says("first")
    (workshop.folder / "requirements.txt").unlink(missing_ok=True)
    workshop.deploy().check()
    assert workshop.answer()["words"] == "first"


@pytest.mark.slow
def test_commands_after_the_switch_that_fail(workshop: Workshop) -> None:
    """The traffic has moved by then; each run tries them again until they succeed."""
    command = "sh -c 'test -e $STATE_DIRECTORY/listener || { echo nobody listens; exit 1; }'"
    settings: dict[str, Any] = {"hooks": {"after": [command]}, "env": {"OTHER": "2"}}
    first, second = workshop.deploy(**settings), workshop.deploy(**settings)
    for run in (first, second):
        assert run.code != 0
        assert "nobody listens" in run.output
    answer = workshop.answer()
    assert answer["environment"]["OTHER"] == "2"
    assert workshop.running() == [workshop.unit()]
    workshop.server.run("touch /var/lib/app-fragile/listener")
    assert workshop.deploy(**settings).check().changed == ["Release fragile"]
    assert workshop.answer()["pid"] == answer["pid"]
    assert workshop.deploy(**settings).check().changed == []

"""What an app that spies finds of another one on the same server: nothing."""

import json

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.provision import Run, pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SPY = """
import signal, socket

def tried(act, *arguments):
    try:
        return repr(act(*arguments))
    except OSError as error:
        return type(error).__name__

def connect(address):
    socket.create_connection(address, 3).close()

def look(path):
    return os.listdir(path) if os.path.isdir(path) else open(path).read()

curious = app
async def app(scope, receive, send):
    global WORDS
    if scope.get("path") == "/spy":
        about = json.loads(scope["query_string"].replace(b"%22", b'"').replace(b"%20", b" "))
        WORDS = {path: tried(look, path) for path in about["paths"]}
        WORDS["connect"] = tried(connect, ("127.0.0.1", about["port"]))
        WORDS["kill"] = tried(os.kill, about["pid"], 0)
    await curious(scope, receive, send)
"""

REFUSED = {"PermissionError", "FileNotFoundError", "ProcessLookupError", "TimeoutError", "[]"}


def deploy(*workshops: Workshop) -> Run:
    server = workshops[0].server
    data = workshops[0].host_data()
    for other in workshops[1:]:
        data["apps"] |= other.host_data()["apps"]
        data["sites"] |= other.host_data()["sites"]
    return pyinfra({server.name: data}, deploy="tests/apps/apps_alone.py")


def test_an_app_that_spies_finds_nothing(
    make_workshop: MakeWorkshop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("secrets") / "token.txt"
    secret.write_text("hunter2")
    secrets = {
        "TOKEN": {"file": str(secret)},
        "KEY": {"file": str(secret), "deliver": "credential"},
    }
    victim, spy = make_workshop("victim", secrets=secrets), make_workshop("spy")
    spy.says("first", SPY)
    deploy(victim, spy).check()
    assert deploy(victim, spy).check().changed == []
    found = victim.answer()
    environment = found["environment"]
    victim.server.run(f"echo hunter2 > {environment['STATE_DIRECTORY']}/data")
    slot, pid = victim.live(), found["pid"]
    paths = [
        "/srv/victim",
        f"/srv/victim/releases/{environment['GATEHOUSE_RELEASE']}/code/shop/main.py",
        f"/etc/gatehouse/secrets/victim/{slot}/environment",
        f"/etc/gatehouse/secrets/victim/{slot}",
        f"{environment['CREDENTIALS_DIRECTORY']}/KEY",
        environment["CREDENTIALS_DIRECTORY"],
        environment["STATE_DIRECTORY"],
        f"{environment['STATE_DIRECTORY']}/data",
        f"/proc/{pid}/environ",
        f"/proc/{pid}/root/etc/passwd",
        victim.server.run("ls /var/log/journal/*/system.journal").stdout.strip(),
        "/root",
    ]
    for path in paths[:-2]:
        assert victim.server.run(f"test -e {path}", check=False).returncode == 0, path
    about = json.dumps({"paths": paths, "port": victim.port + (slot == "b"), "pid": pid})
    words = spy.answer("/spy?" + about.replace('"', "%22").replace(" ", "%20"))["words"]
    assert len(words) == len(paths) + 2
    refused = {
        "PermissionError",
        "FileNotFoundError",
        "ProcessLookupError",
        "TimeoutError",
        "ConnectionRefusedError",
    }
    let_in = {name: answer for name, answer in words.items() if answer not in refused | {"[]"}}
    assert let_in == {}
    own = spy.answer()["environment"]["STATE_DIRECTORY"]
    about = json.dumps({"paths": [own], "port": spy.port + (spy.live() == "b"), "pid": 0})
    words = spy.answer("/spy?" + about.replace('"', "%22").replace(" ", "%20"))["words"]
    assert (words[own], words["connect"]) == ("[]", "None")

"""Every ASGI server with worker processes, a factory where it runs one, a crash, and a stop in good order.

And the connections that it keeps, whom it believes, and one that the app brings itself.
"""

from typing import get_args

import pytest

from deploys.config.app_servers import ServerName
from deploys.places.apps import AppPlaces
from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.lab.waiting import until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

# Which worker takes a connection is the kernel's choice, and on a busy machine it is always the same: so the
# one that has answered is halted, and another one has to. Where each has a queue of its own, as on granian,
# some connections wait for the halted one; those are given up.
ASK_BOTH = """python3 - <<'END'
import json, os, signal, urllib.request as request
def ask():
    return json.load(request.urlopen("http://127.0.0.1:%d/", timeout=5))["pid"]
first = ask()
print(first)
os.kill(first, signal.SIGSTOP)
try:
    for _ in range(20):
        try:
            print(ask())
            break
        except TimeoutError:
            pass
finally:
    os.kill(first, signal.SIGCONT)
END"""

ASK_AGAIN = """python3 - <<'END'
import http.client, time
connection = http.client.HTTPConnection("127.0.0.1", %d)
connection.auto_open = False
connection.connect()
for pause in (%d, 0):
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    print(answer.status)
    time.sleep(pause)
END"""


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("staffed")
    workshop.deploy().check()
    workshop.says("made", "\ndef create():\n    return app\n")
    return workshop


def workers(workshop: Workshop) -> set[str]:
    """The processes that answer, as long as all requests are answered."""
    port = workshop.port + (workshop.live() == "b")
    return set(workshop.server.run(ASK_BOTH % port, check=False).stdout.split())


def shown(workshop: Workshop, unit: str, key: str) -> str:
    return workshop.server.run(f"systemctl show --value -p {key} {unit}").stdout.strip()


@pytest.mark.parametrize("server", get_args(ServerName))
def test_workers_share_the_requests(workshop: Workshop, server: ServerName) -> None:
    former = workshop.unit()
    asgi = "shop.main:create()"
    if server == "fastapi":  # it is a part of what the app brings, and knows no factories
        asgi = "shop.main:app"
        (workshop.folder / "requirements.txt").write_text("fastapi==0.165.0\n")
    workshop.deploy(server=server, workers=2, asgi=asgi).check()
    assert workshop.answer()["words"] == "made"
    first, unit = workers(workshop), workshop.unit()
    assert len(first) == 2
    # For longer than the proxy keeps it: else a request could meet its end, and be lost.
    port = workshop.port + (workshop.live() == "b")
    assert workshop.server.run(ASK_AGAIN % (port, AppPlaces.idle + 1)).stdout.split() == ["200"] * 2
    assert (shown(workshop, former, "ActiveState"), shown(workshop, former, "Result")) == (
        "inactive",
        "success",
    )

    workshop.server.run(f"systemctl kill --kill-whom=main --signal=KILL {unit}")
    until(
        lambda: shown(workshop, unit, "NRestarts") == "1" and len(workers(workshop)) == 2,
        within=60,
        otherwise=f"{server} did not come back",
    )
    assert not first & workers(workshop)

    workshop.answer("/?token=SESAME")
    # The slot's unit has run other servers, too.
    mine = f"_SYSTEMD_INVOCATION_ID={shown(workshop, unit, 'InvocationID')}"
    written = workshop.server.run(f"journalctl --sync; journalctl -q -o cat {mine}").stdout
    assert written
    assert "SESAME" not in written
    assert ('"GET /' in written) == (server == "fastapi"), written


def test_the_server_that_the_app_brings_is_the_one_that_runs(workshop: Workshop) -> None:
    (workshop.folder / "requirements.txt").write_text("uvicorn==0.34.0\n")
    workshop.says("made", "\nimport uvicorn\nWORDS = uvicorn.__version__\n")
    workshop.deploy().check()
    assert workshop.answer()["words"] == "0.34.0"

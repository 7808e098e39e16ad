"""A broken release changes nothing, whichever server runs it and however many workers it has."""

from typing import get_args

import pytest

from deploys.config.app_servers import WSGI_SERVERS, ServerName
from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop

pytestmark = [pytest.mark.lab, pytest.mark.slow]

CRASHES = """
import threading, time
threading.Thread(target=lambda: (time.sleep(1.5), print("lost the plot", flush=True), os._exit(3))).start()
"""
FAILS_ITS_STARTUP = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        print("no database", flush=True)
        await send({"type": "lifespan.startup.failed", "message": ""})
        return
    raise RuntimeError("it serves all the same")
"""

IS_WSGI = """
class Wsgi:
    def __call__(self, environ, start_response): ...
app = Wsgi()
"""

BREAKS = {
    "an import error": ("import no_such_module", "No module named 'no_such_module'"),
    "a startup that fails": (FAILS_ITS_STARTUP, "no database"),
    "workers that crash": (CRASHES, "lost the plot"),
    "an app of the other interface": (IS_WSGI, "is a shop.main.Wsgi, which is WSGI: write wsgi ="),
}
HEALTH = {"path": "/health", "timeout": 8, "settle": 5}


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("sick")
    (workshop.folder / "requirements.txt").write_text("fastapi==0.165.0\n")
    workshop.deploy().check()
    return workshop


def main_process(workshop: Workshop) -> str:
    return workshop.server.run(f"systemctl show --value -p MainPID {workshop.unit()}").stdout


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("server", get_args(ServerName))
def test_a_broken_release_changes_nothing(workshop: Workshop, server: ServerName, workers: int) -> None:
    unit = workshop.unit()
    before = main_process(workshop)
    for name, (extra, expected) in BREAKS.items():
        workshop.says("broken", extra)
        run = workshop.deploy(server=server, workers=workers, health=HEALTH)
        assert run.code != 0, f"{name}:\n{run.output}"
        assert expected in run.output, f"{name}:\n{run.output}"
        assert "deploys/apps" not in run.output, run.output
        assert main_process(workshop) == before
        assert workshop.answer()["words"] == "first"
        assert workshop.running() == [unit]
    workshop.says("first")
    workshop.deploy(server=server, workers=workers, health=HEALTH).check()
    assert workshop.answer()["words"] == "first"
    assert workshop.running() == [workshop.unit()]


@pytest.mark.parametrize("server", WSGI_SERVERS)
def test_an_asgi_app_is_told_of_where_wsgi_is_wanted(workshop: Workshop, server: ServerName) -> None:
    workshop.says("broken")
    before = main_process(workshop)
    run = workshop.deploy(asgi=None, wsgi="shop.main:app", server=server, health=HEALTH)
    assert run.code != 0
    assert 'which is ASGI: write asgi = "shop.main:app" in place of wsgi' in run.output
    assert main_process(workshop) == before
    workshop.says("first")

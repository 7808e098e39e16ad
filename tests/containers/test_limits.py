"""A container that takes more than its share is held to it, with all that is in it."""

import pytest

from tests.apps import test_limits as claims
from tests.apps.test_limits import Street
from tests.containers.workshop import ImageWorkshop
from tests.lab import Lab
from tests.provision import pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

GREEDY = """
import time
taken = []
modest = Answers.do_GET

def take(path):
    if path == "/memory":
        taken.append(b"x" * 400_000_000)
    if path == "/time":
        end = time.process_time() + 1
        while time.process_time() < end:
            pass
    if path == "/processes":
        while len(taken) < 100_000:
            if not os.fork():
                time.sleep(600)
                os._exit(0)
            taken.append(None)

def do_GET(self):
    global WORDS
    try:
        take(self.path)
    except OSError as error:
        WORDS = type(error).__name__
    modest(self)

Answers.do_GET = do_GET
"""

test_above_its_share_of_processors_it_waits = claims.test_above_its_share_of_processors_it_waits


@pytest.fixture(scope="module", params=["13", "12"], ids=lambda release: f"debian-{release}")
def street(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Street:
    server = lab.up(f"image-limits-{request.param}", debian=request.param, limits=True)
    narrow, modest = (
        ImageWorkshop(lab, server, tmp_path_factory.mktemp(name), name, port)
        for name, port in (("narrow", 18100), ("modest", 18200))
    )
    data = narrow.host_data(limits={"memory": "160m", "cpus": 0.4, "tasks": 64})
    for app in (narrow, modest):
        app.says(app.name, GREEDY)
        data["apps"] = app.host_data()["apps"] | data["apps"]
        data["sites"] |= app.host_data()["sites"]
    pyinfra({server.name: data}, deploy="tests/apps/apps_alone.py").check()
    return Street(server, narrow, modest, modest)


def test_for_too_much_memory_it_is_ended_and_comes_back(street: Street) -> None:
    before, beside = street.narrow.answer()["pid"], street.modest.answer()["pid"]
    street.asks(street.narrow, "/memory")
    assert street.narrow.answer()["pid"] != before
    assert street.modest.answer()["pid"] == beside


def test_a_fork_bomb_ends_at_its_limit(street: Street) -> None:
    street.asks(street.narrow, "/processes")
    tasks = f"systemctl show --value --property=TasksCurrent {street.narrow.unit()}"
    # The thread that has answered has ended.
    assert int(street.server.run(tasks).stdout) in {63, 64}
    assert street.asks(street.modest, "/")
    street.comes_back(street.narrow)

"""A server that reboots, or loses its power, in the middle of a deploy or a rollback, as its users see it."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.apps.workshop import APP
from tests.house import House
from tests.lab import Lab, Server
from tests.lab.waiting import until
from tests.provision import begun

pytestmark = [pytest.mark.lab, pytest.mark.slow]

WAIT = "/var/lib/app-shop/wait"
WAITS = "sh -c 'while test -e $STATE_DIRECTORY/wait; do sleep 0.1; done'"
WAITING_APP = """
import time
while os.path.exists("/var/lib/app-shop/wait-" + WORDS):
    time.sleep(0.1)
quick = app
async def app(scope, receive, send):
    import asyncio
    while scope.get("path") == "/slow" and os.path.exists("/var/lib/app-shop/wait"):
        await asyncio.sleep(0.1)
    await quick(scope, receive, send)
"""
SLOW_BUILD = "import time; time.sleep(300)"


@dataclass(frozen=True)
class Shop:
    """A site with an app whose source a test changes, and which can be made to wait."""

    house: House
    folder: Path

    def says(self, words: str) -> None:
        (self.folder / "main.py").write_text(APP.replace("first", words) + WAITING_APP)

    def waits(self, at: str) -> None:
        self.house.server.run(f"touch {at}")

    def waits_no_more(self) -> None:
        self.house.server.run(f"rm -f {WAIT} {WAIT}-*")

    def settings(self, **changes: Any) -> dict[str, Any]:
        return {"apps": {"shop": self.house.settings["apps"]["shop"] | changes}}

    def words(self) -> str | None:
        """What the site answers; none if it is not the app that does."""
        answer = self.house.outside.get("/")
        return str(answer.json()["words"]) if answer.status_code == 200 else None

    def active(self, pattern: str) -> list[str]:
        units = f"systemctl list-units --plain --no-legend --state=active,activating '{pattern}'"
        return [line.split()[0] for line in self.house.server.run(units).stdout.splitlines()]

    @contextmanager
    def open_request(self) -> Iterator[None]:
        """Have a request under way that is not answered."""
        site = self.house.outside
        self.waits(WAIT)
        with (
            socket.create_connection((site.address, 443)) as raw,
            site.tls().wrap_socket(raw, server_hostname=site.domain) as connection,
        ):
            connection.sendall(f"GET /slow HTTP/1.1\r\nHost: {site.domain}\r\n\r\n".encode())
            yield


@pytest.fixture(scope="module", params=["12", "13"], ids=lambda release: f"debian-{release}")
def shop(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    server = lab.up(f"reboots-{request.param}", debian=request.param, furnished=True)
    app = {"source": str(folder), "asgi": "main:app", "health": {"path": "/", "timeout": 120, "settle": 0}}
    house = House.on(
        lab,
        server,
        apps={"shop": app},
        sites={f"www.{server.name}.test": {"routes": {"/": {"app": "shop"}}}},
    )
    shop = Shop(house, folder)
    for words in ("former", "present"):
        shop.says(words)
        house.deploy().check()
    return shop


@dataclass(frozen=True)
class Point:
    """Where a deploy is when the server goes down."""

    reached: Callable[[Shop], bool]
    waits: str = f"{WAIT}-next"
    settings: dict[str, Any] = field(default_factory=dict)
    is_switched: bool = False
    slow_build: bool = False
    meanwhile: Callable[[Shop], AbstractContextManager[None]] = lambda shop: nullcontext()


POINTS = {
    "while it is built": Point(
        lambda shop: bool(shop.active("gatehouse-shop-build.service")), slow_build=True
    ),
    "during a migration": Point(
        lambda shop: bool(shop.active("gatehouse-shop-?.hook-before.service")),
        waits=WAIT,
        settings={"hooks": {"before": [WAITS]}},
    ),
    "while the release starts": Point(lambda shop: len(shop.active("gatehouse-shop-?.service")) == 2),
    "during the commands after the switch": Point(
        lambda shop: bool(shop.active("gatehouse-shop-?.hook-after.service")),
        waits=WAIT,
        settings={"hooks": {"after": [WAITS]}},
        is_switched=True,
    ),
    "while the former release drains": Point(
        lambda shop: shop.words() == "next",
        waits=WAIT,
        settings={"drain": 300},
        is_switched=True,
        meanwhile=Shop.open_request,
    ),
}


def reboot(server: Server) -> None:
    server.reboot()


def power_cut(server: Server) -> None:
    server.power_cut()
    server.start()
    server.wait()


def assert_whole_after_the_boot(shop: Shop, words: str) -> None:
    until(lambda: shop.words() == words, within=60, otherwise=lambda: f"the site says {shop.words()}")
    assert len(shop.active("gatehouse-shop-*")) == 1
    assert (
        shop.house.server.run("systemctl list-units --failed --plain --no-legend 'gatehouse*'").stdout == ""
    )


def assert_told(shop: Shop, output: str) -> None:
    """The reason is there: either the server had time to tell what ended, or it is simply gone."""
    assert "Traceback" not in output, output
    prefix = re.escape(f"[{shop.house.server.name}]")
    reasons = (
        r"the connection was lost; run it again|shop: release \d+|systemctl ended with \d+: 'Failed to con"
    )
    assert re.search(rf"{prefix} ({reasons})", output), output


@pytest.mark.parametrize("goes_down", [reboot, power_cut], ids=lambda how: how.__name__)
@pytest.mark.parametrize("name", POINTS)
def test_a_deploy(shop: Shop, name: str, goes_down: Callable[[Server], None]) -> None:
    house, point = shop.house, POINTS[name]
    assert shop.words() == "present"
    shop.says("next")
    (shop.folder / "requirements.txt").write_text("./slow\n" if point.slow_build else "")
    (shop.folder / "slow").mkdir(exist_ok=True)
    (shop.folder / "slow" / "setup.py").write_text(SLOW_BUILD)
    shop.waits(point.waits)
    data = {house.server.name: house.host_data | shop.settings(**point.settings)}
    with point.meanwhile(shop), begun(data) as run:
        until(lambda: point.reached(shop), within=90, otherwise=run.output.read_text)
        goes_down(house.server)
        done = run.ended(within=180)
    assert done.code != 0
    assert_told(shop, done.output)
    assert_whole_after_the_boot(shop, "next" if point.is_switched else "present")

    shop.waits_no_more()
    (shop.folder / "requirements.txt").write_text("")
    house.deploy(**shop.settings(**point.settings)).check()
    assert_whole_after_the_boot(shop, "next")
    assert house.deploy(**shop.settings(**point.settings)).check().changed == []
    shop.says("present")
    house.deploy().check()


@pytest.mark.parametrize("goes_down", [reboot, power_cut], ids=lambda how: how.__name__)
def test_another_port_of_which_only_the_proxy_knows(
    shop: Shop, tmp_path: Path, goes_down: Callable[[Server], None]
) -> None:
    house = shop.house
    shop.says("next")
    cut = "import os\nfrom pyinfra.operations import python\n" + Path("deploys/site.py").read_text().replace(
        "moves.finish()", "python.call(name='Cut', function=lambda: os.kill(os.getpid(), 9))"
    )
    (tmp_path / "cut.py").write_text(cut)
    assert house.deploy(deploy=str(tmp_path / "cut.py"), **shop.settings(port=31000)).code == -9
    assert shop.words() == "next"
    both = shop.active("gatehouse-shop-?.service")
    assert len(both) == 2
    goes_down(house.server)
    until(lambda: shop.words() == "next", within=60, otherwise=lambda: f"the site says {shop.words()}")
    until(lambda: shop.active("gatehouse-shop-?.service") == both, within=60, otherwise="one is not back")

    pids = "systemctl show --property=MainPID gatehouse-shop-a gatehouse-shop-b"
    before = house.server.run(pids).stdout.split()
    house.deploy(**shop.settings(port=31000)).check()
    assert_whole_after_the_boot(shop, "next")
    # What the proxy led to has gone on.
    assert set(house.server.run(pids).stdout.split()) & set(before)
    assert house.deploy(**shop.settings(port=31000)).check().changed == []
    shop.says("present")
    house.deploy().check()


@pytest.mark.parametrize("goes_down", [reboot, power_cut], ids=lambda how: how.__name__)
def test_a_rollback(shop: Shop, goes_down: Callable[[Server], None]) -> None:
    house = shop.house
    for words in ("former", "present"):
        shop.says(words)
        house.deploy().check()
    shop.waits(f"{WAIT}-former")
    data = {house.server.name: house.host_data}
    with begun(data, deploy="deploys/rollback.py") as run:
        until(
            lambda: len(shop.active("gatehouse-shop-?.service")) == 2,
            within=90,
            otherwise=run.output.read_text,
        )
        goes_down(house.server)
        done = run.ended(within=180)
    assert done.code != 0
    assert_told(shop, done.output)
    assert_whole_after_the_boot(shop, "present")

    shop.waits_no_more()
    house.deploy(deploy="deploys/rollback.py").check()
    assert_whole_after_the_boot(shop, "former")
    house.deploy("--data", "again=yes").check()
    assert_whole_after_the_boot(shop, "present")

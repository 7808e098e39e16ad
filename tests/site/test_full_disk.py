"""An app fills the disk: the others are served still, and whoever operates the server is told in a line."""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.apps.workshop import APP
from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.provision import Run
from tests.proxies.stage import PROXYING, chosen_proxy

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ROOM = {"nginx": "700M", "caddy": "800M", "traefik": "1200M"}
"""With what the proxy's own program needs, beside which a former one may lie."""
LOGS = {"nginx": "nginx", "caddy": "gatehouse-caddy", "traefik": "gatehouse-traefik"}
FILLS = """
modest = app

def room(path):
    with open(os.environ["STATE_DIRECTORY"] + path, "ab", buffering=0) as file:
        size = 1 << 24
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 4

def names(path):
    folder = os.environ["STATE_DIRECTORY"] + path
    os.makedirs(folder, exist_ok=True)
    try:
        for number in range(10 ** 8):
            os.symlink("x", f"{folder}/{number}")
    except OSError:
        pass

async def app(scope, receive, send):
    what = scope.get("path", "").rpartition("/")[2]
    if what in {"room", "names"}:
        {"room": room, "names": names}[what](f"/{what}")
    await modest(scope, receive, send)
"""
FULL = "the disk is full: make room, and run it again"


@dataclass(frozen=True)
class Street:
    """A hog and a bank on one small disk."""

    house: House
    folder: Path

    def source(self, app: str, words: str) -> str:
        folder = self.folder / app
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "shop").mkdir(parents=True)
        (folder / "shop" / "main.py").write_text(APP.replace("first", words) + FILLS)
        return str(folder)

    def deploy(self, *flags: str, bank: str, deploy: str = "deploys/site.py") -> Run:
        common = {"asgi": "shop.main:app", "health": {"path": "/health", "timeout": 20}, "drain": 2}
        apps = {
            "hog": {"source": self.source("hog", "hog"), **common},
            "bank": {"source": self.source("bank", bank), **common},
        }
        return self.house.deploy(*flags, deploy=deploy, apps=apps, sites=self.sites)

    @property
    def sites(self) -> dict[str, Any]:
        routes = {"/hog/": {"app": "hog", "prefix": "/hog"}, "/": {"app": "bank"}}
        return {self.house.domain: {"routes": routes}}

    def says(self) -> str:
        answer = self.house.outside.get("/")
        assert answer.status_code == 200, f"expected the bank to be served: {answer.status_code}"
        return str(answer.json()["words"])


# Each proxy, and one of them with the other journald and systemd as well.
@pytest.fixture(scope="module", params=[*product(PROXYING, ("13",)), ("caddy", "12")], ids="-".join)
def street(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Street:
    proxy, debian = request.param
    server = lab.up(f"small-{proxy}-{debian}", debian=debian, room=ROOM[proxy])
    house = House.on(lab, server, **chosen_proxy(lab, proxy))
    street = Street(house, tmp_path_factory.mktemp("small"))
    street.deploy(bank="first").check()
    street.deploy(bank="second").check()
    return street


@pytest.fixture(params=["room", "names"])
def full(request: pytest.FixtureRequest, street: Street) -> Iterator[Street]:
    """The disk has no room left, or no place for another file; afterwards it has as much as before."""
    outside = street.house.outside
    assert outside.get(f"/hog/{request.param}", timeout=120).status_code == 200
    more = street.house.server.run("head -c 65536 /dev/zero > /root/more", check=False)
    assert more.returncode, "the disk was to be full"
    street.house.server.run("rm -f /root/more")
    yield street
    street.house.server.run("rm -rf /var/lib/app-hog/*")
    street.deploy(bank="second").check()
    assert street.says() == "second"


def failed_in_a_line(run: Run) -> None:
    assert run.code == 1, run.output
    assert "Traceback" not in run.output, run.output
    assert "mistake of gatehouse's own" not in run.output, run.output
    assert FULL in run.output, run.output


def test_the_neighbour_is_served_and_the_operator_is_told(full: Street) -> None:
    assert full.says() == "second"
    run = full.deploy(bank="second", deploy="deploys/status.py")
    assert run.code == 1, run.output
    assert "the disk is full" in run.output
    assert full.deploy(bank="second").check().changed == []


def test_a_release_fails_and_what_was_there_goes_on(full: Street) -> None:
    for _ in range(2):
        failed_in_a_line(full.deploy(bank="third"))
        assert full.says() == "second"


def test_going_back_moves_nothing_that_nobody_would_remember(full: Street) -> None:
    failed_in_a_line(full.deploy("--data", "app=bank", bank="second", deploy="deploys/rollback.py"))
    assert full.says() == "second"


def test_logs_are_written_again_once_there_is_room(full: Street) -> None:
    server = full.house.server
    server.run("rm -rf /var/lib/app-hog/*")
    asked = f"/after-the-flood-{secrets.token_hex(4)}"
    full.house.outside.get(asked)
    words = "systemd-cat --identifier=flood echo after the flood"
    last = f"{words}; journalctl --sync; journalctl -n 20 -o cat -t flood; true"
    assert "after the flood" in server.run(last).stdout
    log = f"/var/log/{LOGS[full.house.settings.get('proxy', 'nginx')]}/access.log"
    until(
        lambda: server.run(f"grep -c {asked} {log}", check=False).stdout.strip() == "1",
        within=30,
        otherwise=f"{asked} is not in {log}",
    )

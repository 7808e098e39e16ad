"""One app that fails holds up no other: they are released, served and certified; then the run fails."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.apps.workshop import APP
from tests.house import House
from tests.lab import Lab
from tests.provision import Run, pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SHOP, CAFE = 28000, 28010


@dataclass(frozen=True)
class Failure:
    """What is wrong with the shop, and what is read of it."""

    cause: str
    source: str = ""
    requirements: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    prefix: str | None = None
    taken: int | None = None
    """A port at which somebody else listens."""
    hosts: int = 2
    """How many of the two it fails on."""


FAILURES = {
    "it does not start": Failure("RuntimeError: no anvil", source="raise RuntimeError('no anvil')"),
    "it does not start, at another port": Failure(
        "RuntimeError: no anvil", source="raise RuntimeError('no anvil')", settings={"port": 28100}
    ),
    "it does not start, under another prefix": Failure(
        "RuntimeError: no anvil", source="raise RuntimeError('no anvil')", prefix="/v2"
    ),
    "its build fails": Failure("cannot be built", requirements="gatehouse-has-no-such-package==1\n"),
    "a command before the switch fails": Failure(
        "hook-before.service failed", settings={"hooks": {"before": ["false"]}}
    ),
    "a command after the switch fails": Failure(
        "hook-after.service failed", settings={"hooks": {"after": ["false"]}}, hosts=1
    ),
    "its other port is taken": Failure(
        "port 28201 is taken by process", settings={"port": 28200}, taken=28201
    ),
}


@dataclass(frozen=True)
class Street:
    """Two apps on two servers."""

    houses: list[House]
    folder: Path

    def source(self, app: str, words: str, extra: str = "", requirements: str = "") -> str:
        """Write an app that answers with its words."""
        folder = self.folder / app
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "shop").mkdir(parents=True)
        (folder / "shop" / "main.py").write_text(APP.replace("first", words) + extra)
        (folder / "requirements.txt").write_text(requirements)
        return str(folder)

    def deploy(self, failure: Failure | None = None, *, cafe: str, also: bool = False) -> Run:
        """Release both, the shop as it fails, and give the cafe another site."""
        failing = failure or Failure("")
        shop = self.source("shop", "shop", failing.source, failing.requirements)
        common = {"asgi": "shop.main:app", "health": {"path": "/health", "timeout": 10}, "drain": 2}
        apps = {
            "shop": {"source": shop, "port": SHOP, **common, **failing.settings},
            "cafe": {"source": self.source("cafe", cafe), "port": CAFE, **common},
        }
        prefix = failing.prefix or "/v1"
        data = {}
        for house in self.houses:
            routes = {f"{prefix}/": {"app": "shop", "prefix": prefix}, "/cafe": {"app": "cafe"}}
            sites = {house.domain: {"routes": routes}}
            if also:
                sites[self.other(house)] = {"routes": {"/": {"app": "cafe"}}}
            data[house.server.name] = {**house.host_data, "apps": apps, "sites": sites}
        return pyinfra(data)

    @staticmethod
    def other(house: House) -> str:
        return f"also.{house.server.name}.test"


@pytest.fixture(scope="module")
def street(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Street:
    houses = [
        House.on(lab, lab.up(f"street-{debian}", debian=debian, furnished=True)) for debian in ("12", "13")
    ]
    for house in houses:
        lab.set_name(Street.other(house), str(house.server.address))
    street = Street(houses, tmp_path_factory.mktemp("street"))
    street.deploy(cafe="first").check()
    return street


def words(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, f"{answer.url} answered {answer.status_code}: {answer.text[:200]}"
    return answer.json()["words"]


@pytest.mark.parametrize("case", FAILURES)
def test_the_others_get_what_they_were_to_get(street: Street, case: str) -> None:
    failure = FAILURES[case]
    street.deploy(cafe="first").check()
    for house in street.houses:
        if failure.taken:
            listen = f"/usr/bin/python3 -m http.server --bind 127.0.0.1 {failure.taken}"
            house.server.run(f"systemd-run -q --unit=other {listen}")
    try:
        for _ in range(2):
            run = street.deploy(failure, cafe=case, also=True)
            assert run.code == 1, run.output
            for house in street.houses:
                outside = house.outside
                assert words(outside.get("/cafe")) == case, "expected the other app to be released"
                assert words(outside.get(f"https://{street.other(house)}/")) == case, "expected its site"
                assert words(outside.get("/v1/")) == "shop", "expected what failed to serve as before"
                assert failure.cause in run.output, run.output
            told = [line for line in run.output.splitlines() if "shop: failed: " in line]
            assert len(told) == failure.hosts, run.output
            assert any(failure.cause in line for line in told), told
            assert all("has the traffic" in line for line in told), told
            ended = [line for line in run.output.splitlines() if "cafe: release " in line]
            assert len(ended) == len(street.houses), f"expected a last line of each host:\n{run.output}"
    finally:
        for house in street.houses:
            house.server.run("systemctl stop other", check=False)
    street.deploy(cafe="second", also=True).check()
    assert street.deploy(cafe="second", also=True).check().changed == []
    assert [words(house.outside.get("/v1/")) for house in street.houses] == ["shop", "shop"]

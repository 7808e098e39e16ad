"""Whatever settings are valid and not refused, Traefik takes what they render to: its own API says so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploys.load import server_from
from deploys.proxies.lacks import lacking
from deploys.proxies.traefik.configuration import files
from deploys.proxies.traefik.lacks import LACKS
from deploys.proxies.traefik.onhost import where
from deploys.proxies.traefik.refusals import refusals
from deploys.routing import routing
from tests.conformance.settings import able
from tests.lab import Lab
from tests.lab.programs import program
from tests.proxies.nginx.test_properties import any_settings
from tests.proxies.nginx.trees import Texts
from tests.proxies.traefik.aside import Aside, aside
from tests.proxies.traefik.typical import SMALLEST, TRAEFIK, TYPICAL

pytestmark = pytest.mark.lab


def rendered(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = files(routing(server_from(settings)), Texts())
    return {name: json.loads(found[name]) for name in (where.STATIC, where.ROUTING)}


@pytest.fixture(scope="module")
def traefik(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aside]:
    folder = tmp_path_factory.mktemp("traefik")
    with aside(program(lab.layout, "traefik"), rendered(SMALLEST)[where.STATIC], folder) as found:
        yield found


@pytest.mark.parametrize("name", TYPICAL)
def test_typical_settings_are_taken_as_it_starts(lab: Lab, name: str, tmp_path: Path) -> None:
    found = rendered(TYPICAL[name])
    with aside(program(lab.layout, "traefik"), found[where.STATIC], tmp_path) as traefik:
        for marks in (False, True):
            assert traefik.problems(found[where.ROUTING], marks) == []


def test_a_mistake_is_told(traefik: Aside) -> None:
    found = rendered(SMALLEST)[where.ROUTING]
    (broken,) = (name for name in found["always"]["http"]["routers"] if name.endswith(":told"))
    found["always"]["http"]["routers"][broken]["middlewares"] = ["none"]
    assert any("none@file" in line for line in traefik.problems(found))


def within(asked: dict[str, Any]) -> dict[str, Any]:
    """Give settings like these that Traefik can do."""
    for site in asked["sites"].values():
        elsewhere = {"redirect": "https://elsewhere.test"}
        site["routes"] = {
            path: elsewhere if "files" in route else route for path, route in site["routes"].items()
        }
    found = able({**asked, **TRAEFIK}, LACKS)
    edge, http3 = found.get("edge", {}), any(site.get("http3") for site in found["sites"].values())
    if edge.get("tells_by") == "X-Real-IP":
        edge["tells_by"] = "X-Forwarded-For"
    if edge.get("tells_by") == "PROXY":
        edge.pop("only", None)
        http3 = False
    elif edge:
        edge["only"] = True
    for site in found["sites"].values():
        site["http3"] = http3
        for route in site["routes"].values():
            if route.get("status") == 303:
                route["status"] = 302
    used = json.dumps(found["sites"])
    found["apps"] = {name: app for name, app in found["apps"].items() if f'"app": "{name}"' in used}
    return found


def take(traefik: Aside, count: int) -> None:
    for number, one in enumerate(map(within, any_settings(count))):
        server = server_from(one)
        assert [*lacking(server, LACKS), *refusals(server)] == []
        problems = traefik.problems(rendered(one)[where.ROUTING], marks=bool(number % 2))
        assert problems == [], one


def test_traefik_takes_it(traefik: Aside) -> None:
    take(traefik, 50)


@pytest.mark.slow
def test_traefik_takes_a_thousand(traefik: Aside) -> None:
    take(traefik, 1000)

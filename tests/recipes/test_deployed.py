"""The recipes are deployed as they stand, with skeletons for the user's code, and again with a change."""

from collections import ChainMap
from collections.abc import Iterable
from pathlib import Path

import pytest

from deploys.load import server_from
from deploys.places.apps import AppPlaces
from tests.apps_of_others.shape import FIRST, OTHER
from tests.house import House
from tests.lab import Lab
from tests.recipes.page import RECIPES
from tests.recipes.skeletons import SKELETONS
from tests.recipes.stand import Stand, beside

STREETS = {
    "services": ("FastAPI with Postgres and Redis", "Django", "Background workers and schedules"),
    "sources": (
        "Flask",
        "A frontend with an API",
        "A frontend with a repository of its own",
        "Several apps",
        "Staging beside production",
    ),
}
MAKE_DATABASE = (
    "cd / && runuser -u postgres -- psql -qc \"create role shop login password 'secret'\""
    " && runuser -u postgres -- createdb -O shop shop"
)


def test_each_recipe_is_deployed() -> None:
    assert sorted(name for names in STREETS.values() for name in names) == sorted(RECIPES)
    assert SKELETONS.keys() == RECIPES.keys()


def silent(house: House, stands: Iterable[Stand], word: str) -> Iterable[str]:
    """Tell of what does not say the word, or the first one where it is to stay."""
    for stand in stands:
        asks = [(url, word) for url in stand.skeleton.asks]
        for url, wanted in [*asks, *((url, FIRST) for url in stand.skeleton.stays)]:
            answer = house.outside.get(stand.elsewhere(url))
            if answer.is_redirect:
                answer = house.outside.get(answer.headers["location"])
            if answer.status_code != 200 or wanted not in answer.text:
                yield f"{stand.recipe}: {url}: {answer.status_code} {answer.text[:200]}"


@pytest.mark.lab
@pytest.mark.slow
@pytest.mark.parametrize("street", STREETS)
@pytest.mark.parametrize("debian", ["13", "12"])
def test_a_street_of_recipes(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, street: str, debian: str
) -> None:
    server = lab.up(f"recipes-{street}-{debian}", debian=debian, furnished=True)
    stands = list(beside(STREETS[street], tmp_path, server.name))
    packages = sorted({each for stand in stands for each in stand.skeleton.packages})
    server.install(*packages)
    if "postgresql" in packages:
        server.run(MAKE_DATABASE)
    for stand in stands:
        stand.write(FIRST)
        for name, value in stand.skeleton.variables.items():
            monkeypatch.setenv(name, value)
    merged = {
        key: dict(ChainMap(*(stand.settings.get(key, {}) for stand in stands)))
        for key in ("apps", "sites", "alerts")
    }
    house = House.on(lab, server, **merged)
    house.deploy().check()
    assert list(silent(house, stands, FIRST)) == []
    for stand in stands:
        stand.write(OTHER)
    house.deploy().check()
    assert list(silent(house, stands, OTHER)) == []
    assert house.deploy().check().changed == []
    for app, settings in server_from(house.settings).apps.items():
        places = AppPlaces(app, 1)
        for job in settings.jobs:
            assert server.run(f"systemctl is-active {places.timer('b', job)}").stdout == "active\n"
            server.run(f"systemctl start {places.job('b', job)}")
            assert server.run(f"cat {places.state}/{job}").stdout == f"{job}: {OTHER}"
    back = next(stand for stand in stands if not stand.skeleton.stays)
    for app in back.settings["apps"]:
        house.deploy("--data", f"app={app}", deploy="deploys/rollback.py").check()
    assert list(silent(house, [back], FIRST)) == []

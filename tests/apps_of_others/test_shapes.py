"""Apps of every shape are released, released again with a change of the same length, and rolled back."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import recipe
from deploys.apps.reading import read_source
from deploys.load import server_from
from tests.apps_of_others.shape import FIRST, OTHER
from tests.apps_of_others.shapes import QUICK, SHAPES, STREETS
from tests.house import House
from tests.lab import Lab


def settings_of(server: str, folder: Path, names: tuple[str, ...]) -> dict[str, Any]:
    """Give the apps that are written to folders of their names, each below its own path of one site."""
    routes: dict[str, object] = {}
    for name in names:
        prefix = {} if SHAPES[name].carries_prefix else {"prefix": f"/{name}"}
        routes |= {f"/{name}/": {"app": name, **prefix}}
        for path, route in SHAPES[name].routes.items():
            routes |= {f"/{name}{path}": {**route, "release_of": name}}
    return {
        "apps": {name: {"source": str(folder / name), "drain": 1, **SHAPES[name].settings} for name in names},
        "sites": {f"www.{server}.test": {"routes": routes}},
    }


@dataclass(frozen=True)
class Street:
    """Apps of some shapes beside each other on one server, each below its own name."""

    house: House
    folder: Path
    names: tuple[str, ...]

    @classmethod
    def on(cls, lab: Lab, server: str, debian: str, folder: Path, names: tuple[str, ...]) -> "Street":
        settings = settings_of(server, folder, names)
        return cls(House.on(lab, lab.up(server, debian=debian, furnished=True), **settings), folder, names)

    def say(self, word: str) -> None:
        for name in self.names:
            SHAPES[name].write(self.folder / name, word)

    def silent(self, word: str) -> Iterable[str]:
        """Tell of what does not say the word."""
        for name in self.names:
            for path in SHAPES[name].asks:
                answer = self.house.outside.get(f"/{name}{path}")
                if answer.status_code != 200 or word not in answer.text:
                    yield f"{name}{path}: {answer.status_code} {answer.text[:200]}"
                elif "://" in answer.text and f"https://{self.house.domain}/{name}/" not in answer.text:
                    yield f"{name}{path}: it takes itself to be elsewhere: {answer.text[:200]}"


@pytest.mark.parametrize("names", STREETS.values(), ids=STREETS)
def test_the_settings_of_a_street_are_accepted(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        SHAPES[name].write(tmp_path / name, FIRST)
    acme = {"email": "ops@gatehouse.test"}
    found = server_from({"acme": acme, **settings_of("street", tmp_path, names)}).apps
    assert set(found) == set(names)
    assert all(recipe(app, read_source(app.source, name)).script for name, app in found.items())


@pytest.mark.lab
@pytest.mark.parametrize(
    ("server", "debian", "names"),
    [
        pytest.param("quick", "13", QUICK, id="quick"),
        *(
            pytest.param(f"{street}-{debian}", debian, names, id=f"{street}-{debian}", marks=pytest.mark.slow)
            for debian in ("13", "12")
            for street, names in STREETS.items()
        ),
    ],
)
def test_a_street_of_apps(lab: Lab, tmp_path: Path, server: str, debian: str, names: tuple[str, ...]) -> None:
    street = Street.on(lab, server, debian, tmp_path, names)
    street.say(FIRST)
    street.house.deploy().check()
    assert list(street.silent(FIRST)) == []
    street.say(OTHER)
    street.house.deploy().check()
    assert list(street.silent(OTHER)) == []
    assert street.house.deploy().check().changed == []
    for name in names:
        street.house.deploy("--data", f"app={name}", deploy="deploys/rollback.py").check()
    assert list(street.silent(FIRST)) == []

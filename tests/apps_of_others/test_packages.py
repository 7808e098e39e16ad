"""Popular packages run by the settings that this project's pages suggest, at the first try."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.apps_of_others.packages import PACKAGES
from tests.house import House
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def house_of(lab: Lab, debian: str, folder: Path, names: tuple[str, ...]) -> House:
    """Give each package a site of its own, on one server, called after the first."""
    apps = {}
    for name in names:
        shape, _, _ = PACKAGES[name]
        shape.write(folder / name, "")
        health = {"path": PACKAGES[name][1]}
        apps[name] = {"source": str(folder / name), "drain": 1, **shape.settings}
        apps[name]["health"] = {**health, **apps[name].get("health", {})}
    server = lab.up(f"packages-{names[0]}-{debian}", debian=debian, furnished=True)
    sites = {f"{name}.{server.name}.test": {"routes": {"/": {"app": name}}} for name in names}
    return House.on(lab, server, apps=apps, sites=sites)


def silent(house: House, names: Iterable[str]) -> Iterable[str]:
    """Tell of what does not answer as it must."""
    for name in names:
        _, path, words = PACKAGES[name]
        answer = house.outside.get(f"https://{name}.{house.server.name}.test{path}")
        if answer.status_code != 200 or words not in answer.text:
            yield f"{name}: {answer.status_code} {answer.text[:200]}"


@pytest.mark.parametrize("names", [tuple(PACKAGES)[first::3] for first in range(3)], ids="-".join)
@pytest.mark.parametrize("debian", ["13", "12"])
def test_packages_beside_each_other(lab: Lab, tmp_path: Path, debian: str, names: tuple[str, ...]) -> None:
    house = house_of(lab, debian, tmp_path, names)
    house.deploy().check()
    assert list(silent(house, names)) == []
    assert house.deploy().check().changed == []

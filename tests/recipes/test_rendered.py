"""The settings in docs/recipes.md are accepted, and render whole: the proxy's configuration and the units."""

import pytest

from deploys.apps.unit import Occupant
from deploys.load import server_from
from deploys.places.apps import AppPlaces
from deploys.proxies.nginx.tree import tree
from deploys.routing import prefix_of, routing
from tests.proxies.nginx.typical import MACHINES
from tests.recipes.page import PAGE, RECIPES, settings


def test_each_recipe_with_settings_is_here() -> None:
    assert len(RECIPES) == PAGE.count("```python\n")
    assert len(RECIPES) >= 7


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("machine", MACHINES)
def test_a_recipe_renders_the_proxys_configuration(recipe: str, machine: str) -> None:
    server = server_from(settings(recipe))
    files = tree(routing(server), MACHINES[machine], {})
    for domain in server.sites:
        assert f"server_name {domain}" in files[f"sites/{domain}/site.conf"]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_renders_the_units_of_its_apps(recipe: str) -> None:
    server = server_from(settings(recipe))
    for name, app in server.apps.items():
        places = AppPlaces(name, server.port(name))
        units = Occupant(app, places, "a", 1, prefix_of(name, server)).unit_files()
        assert {places.process("a", each) for each in app.processes} <= units.keys()
        assert {places.timer("a", each) for each in app.jobs} <= units.keys()
        service = units[places.service("a")]
        for path in app.persistent:
            assert f"ReadWritePaths={places.persistent_place(path)}\n" in service

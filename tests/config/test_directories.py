"""Directories of the server: what may be an app's or the proxy's, and what is somebody else's."""

import pytest
from pydantic import TypeAdapter

from deploys.config.directories import Writable, refuse_to_show
from deploys.places.apps import AppPlaces
from tests.apps.test_unwritable import NOBODY_S
from tests.config.wrong import changed, refused

FREE = (
    *(
        "/srv/uploads",
        "/data",
        "/data/",
        "/mnt/disk/shop",
        "/opt/shop/data",
        "/var/lib/shop",
        "/var/www/media",
    ),
    *("/var/log/shop", "/run/shop", "/usr/local/share/shop", "/srv/shopping", "/export"),
)
SHOWN = ("/srv/www", "/var/www/html", "/usr/share/javascript", "/home/ops/www", "/data/v1.2", "static", "etc")


@pytest.mark.parametrize("path", [*FREE, *NOBODY_S])
def test_an_app_may_write_where_nobody_else_does(path: str) -> None:
    """Among these is whatever a release that could not write may be advised to name."""
    assert TypeAdapter(Writable).validate_python(path) == path


@pytest.mark.parametrize("folder", SHOWN)
def test_the_proxy_may_answer_from_a_folder_of_ones_own(folder: str) -> None:
    assert refuse_to_show(folder) == folder


@pytest.mark.parametrize("place", ["home", "state", "releases", "current", "persistent", "public"])
def test_an_apps_own_places_are_neither_shared_nor_shown(place: str) -> None:
    path = getattr(AppPlaces("shop", 20000), place)
    route = f"www['routes']['/x'] = {{'files': {path!r}}}"
    for change in (f"shop['sandbox'] = {{'writable': [{path!r}]}}", route):
        assert len(refused(changed(change))) == 1, change
